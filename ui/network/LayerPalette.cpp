#include "ui/network/LayerPalette.h"

#include "core/model/LayerCatalog.h"
#include "ui/network/NetworkScene.h"
#include "ui/network/NodePorts.h"
#include "ui/network/NodeTexts.h"
#include "ui/text/LayerTexts.h"
#include "ui/theme/Theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QMimeData>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <utility>

namespace limpid {

namespace {

/// Draws headings small and faint, layers as any row.
class LayerDelegate : public QStyledItemDelegate
{
public:
    LayerDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        if (!index.data(LayerListModel::HeadingRole).toBool()) {
            QStyledItemDelegate::paint(painter, option, index);
            return;
        }
        painter->save();
        QFont font = m_theme.smallFont();
        font.setLetterSpacing(QFont::AbsoluteSpacing, 0.5);
        painter->setFont(font);
        painter->setPen(m_theme.colors().dim);
        painter->drawText(option.rect.adjusted(11, 0, 0, -4), Qt::AlignLeft | Qt::AlignBottom,
                          index.data().toString().toUpper());
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QSize size = QStyledItemDelegate::sizeHint(option, index);
        const bool heading = index.data(LayerListModel::HeadingRole).toBool();
        size.setHeight(heading ? (index.row() == 0 ? 22 : 28) : Theme::row);
        return size;
    }

private:
    const Theme& m_theme;
};

} // namespace

LayerListModel::LayerListModel(QObject* parent) : QAbstractListModel(parent)
{
    setFilter({});
}

void LayerListModel::setBlocks(const std::vector<std::string>& blocks, bool inside)
{
    if (blocks == m_blocks && inside == m_inside)
        return;
    m_blocks = blocks;
    m_inside = inside;
    fill();
}

void LayerListModel::setFilter(const QString& text)
{
    m_filter = text.trimmed();
    fill();
}

void LayerListModel::fill()
{
    const QString& wanted = m_filter;
    std::vector<Row> rows;
    std::string group;
    for (const LayerType& layer : layerCatalog()) {
        // Blocks come by their names, and an input only where it is one's.
        if (layer.name == "Block" || (layer.name == "BlockInput" && !m_inside))
            continue;
        const QString name = QString::fromStdString(layer.name);
        const bool fits = wanted.isEmpty() || name.contains(wanted, Qt::CaseInsensitive)
            || groupText(layer.group).contains(wanted, Qt::CaseInsensitive)
            || layerHelp(layer.name).contains(wanted, Qt::CaseInsensitive);
        if (!fits)
            continue;
        if (layer.group != group) {
            group = layer.group;
            rows.push_back({groupText(group), {}});
        }
        rows.push_back({name, layer.name});
    }
    for (const std::string& block : m_blocks) {
        const QString name = QString::fromStdString(block);
        if (!name.contains(wanted, Qt::CaseInsensitive) && !groupText("block").contains(wanted, Qt::CaseInsensitive))
            continue;
        if (std::exchange(group, "block") != "block")
            rows.push_back({groupText("block"), {}});
        rows.push_back({name, std::string(edits::blockPrefix) + block});
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

std::string LayerListModel::layerAt(const QModelIndex& index) const
{
    return index.isValid() && index.row() < rowCount() ? m_rows[static_cast<std::size_t>(index.row())].layer : std::string();
}

int LayerListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant LayerListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return row.text;
    case Qt::ToolTipRole:
        return row.layer.empty() ? QVariant() : layerTip(std::string(edits::typeOf(row.layer)));
    case HeadingRole:
        return row.layer.empty();
    case LayerRole:
        return QString::fromStdString(row.layer);
    default:
        return {};
    }
}

Qt::ItemFlags LayerListModel::flags(const QModelIndex& index) const
{
    if (layerAt(index).empty())
        return Qt::NoItemFlags;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsDragEnabled | Qt::ItemNeverHasChildren;
}

QStringList LayerListModel::mimeTypes() const
{
    return {NetworkScene::layerMimeType};
}

QMimeData* LayerListModel::mimeData(const QModelIndexList& indexes) const
{
    if (indexes.isEmpty() || layerAt(indexes.front()).empty())
        return nullptr;
    auto* data = new QMimeData;
    data->setData(NetworkScene::layerMimeType, QByteArray::fromStdString(layerAt(indexes.front())));
    return data;
}

LayerPalette::LayerPalette(const Theme& theme, QWidget* parent)
    : Card(tr("Layers"), parent), m_model(new LayerListModel(this)), m_find(new QLineEdit(this)), m_list(new QListView(this))
{
    m_find->setObjectName("layerFind");
    m_find->setPlaceholderText(tr("Find a layer"));
    m_find->setAccessibleName(tr("Find a layer"));
    m_find->setToolTip(tr("Type part of a layer's name or of what it does. Enter adds the first one found."));
    m_find->setClearButtonEnabled(true);
    m_find->installEventFilter(this);
    auto* findRow = new QHBoxLayout;
    findRow->setContentsMargins(10, 0, 8, 0);
    findRow->addWidget(m_find);
    body()->setContentsMargins(4, 0, 6, 8);
    body()->addLayout(findRow);

    m_list->setObjectName("layerList");
    m_list->setAccessibleName(tr("Layers"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new LayerDelegate(theme, m_list));
    m_list->setDragEnabled(true);
    m_list->setDragDropMode(QAbstractItemView::DragOnly);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->installEventFilter(this);
    body()->addWidget(m_list, 1);

    connect(m_find, &QLineEdit::textChanged, m_model, &LayerListModel::setFilter);
    connect(m_list, &QListView::doubleClicked, this, &LayerPalette::choose);
    connect(&theme, &Theme::changed, m_list->viewport(), qOverload<>(&QWidget::update));
}

void LayerPalette::setBlocks(const std::vector<std::string>& blocks, bool inside)
{
    m_model->setBlocks(blocks, inside);
}

void LayerPalette::choose(const QModelIndex& index)
{
    if (const std::string layer = m_model->layerAt(index); !layer.empty())
        emit layerChosen(layer);
}

bool LayerPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            QModelIndex index = m_list->currentIndex();
            if (watched == m_find || !index.isValid())
                index = m_model->index(1); // the first layer, after its heading
            choose(index);
            return true;
        }
        if (watched == m_find && key == Qt::Key_Down) {
            m_list->setFocus();
            m_list->setCurrentIndex(m_model->index(1));
            return true;
        }
    }
    return Card::eventFilter(watched, event);
}

} // namespace limpid
