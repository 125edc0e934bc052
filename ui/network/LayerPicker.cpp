#include "ui/network/LayerPicker.h"

#include "core/model/LayerCatalog.h"
#include "ui/network/NodePorts.h"
#include "ui/network/NodeTexts.h"
#include "ui/text/LayerTexts.h"
#include "ui/theme/Theme.h"

#include <QGuiApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QScreen>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace limpid {

namespace {

/// "residual" of "Block:residual".
QString nameOf(const std::string& entry)
{
    const bool block = std::string_view(entry).starts_with(edits::blockPrefix);
    return QString::fromStdString(block ? entry.substr(edits::blockPrefix.size()) : entry);
}

constexpr int listWidth = 260, mostRows = 9;

/// The layer's name, and its group in the dim colour at the right.
class ChoiceDelegate : public QStyledItemDelegate
{
public:
    ChoiceDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        painter->save();
        painter->setFont(m_theme.smallFont());
        painter->setPen(m_theme.colors().dim);
        painter->drawText(option.rect.adjusted(0, 0, -10, 0), Qt::AlignRight | Qt::AlignVCenter, index.data(LayerChoiceModel::GroupRole).toString());
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        return {QStyledItemDelegate::sizeHint(option, index).width(), Theme::row};
    }

private:
    const Theme& m_theme;
};

} // namespace

void LayerChoiceModel::setLayers(const std::vector<std::string>& layers)
{
    m_layers = layers;
    setFilter({});
}

void LayerChoiceModel::setFilter(const QString& text)
{
    const QString wanted = text.trimmed();
    std::vector<std::pair<int, std::string>> found;
    for (const std::string& layer : m_layers) {
        const QString name = nameOf(layer);
        const LayerType* type = findLayer(edits::typeOf(layer));
        int rank = 3;
        if (name.startsWith(wanted, Qt::CaseInsensitive))
            rank = 0;
        else if (name.contains(wanted, Qt::CaseInsensitive))
            rank = 1;
        else if (layerHelp(std::string(edits::typeOf(layer))).contains(wanted, Qt::CaseInsensitive) || (type && groupText(type->group).contains(wanted, Qt::CaseInsensitive)))
            rank = 2;
        if (rank < 3)
            found.emplace_back(rank, layer);
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    beginResetModel();
    m_rows.clear();
    for (auto& [rank, layer] : found)
        m_rows.push_back(std::move(layer));
    endResetModel();
}

std::string LayerChoiceModel::layerAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_rows[static_cast<std::size_t>(row)] : std::string();
}

int LayerChoiceModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant LayerChoiceModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const std::string& layer = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::DisplayRole)
        return nameOf(layer);
    if (role == Qt::ToolTipRole)
        return layerHelp(std::string(edits::typeOf(layer)));
    if (role == GroupRole)
        if (const LayerType* type = findLayer(edits::typeOf(layer)))
            return groupText(type->group);
    return {};
}

LayerPicker::LayerPicker(const Theme& theme, QWidget* parent)
    : QFrame(parent, Qt::Popup | Qt::FramelessWindowHint), m_model(new LayerChoiceModel(this)), m_heading(new QLabel(this)),
      m_find(new QLineEdit(this)), m_list(new QListView(this)), m_nothing(new QLabel(tr("No such layer fits here."), this))
{
    setObjectName("palettePopup"); // the frame of all such lists
    setAccessibleName(tr("Add a layer"));
    setFixedWidth(listWidth);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(6);
    m_heading->setObjectName("pickerHeading");
    m_heading->setProperty("role", "label");
    layout->addWidget(m_heading);
    m_find->setObjectName("pickerFind");
    m_find->setPlaceholderText(tr("Find a layer"));
    m_find->setAccessibleName(tr("Find a layer"));
    m_find->installEventFilter(this);
    layout->addWidget(m_find);
    m_list->setObjectName("pickerList");
    m_list->setAccessibleName(tr("Layers that fit"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new ChoiceDelegate(theme, m_list));
    m_list->setFocusPolicy(Qt::NoFocus); // the keys stay with the field
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    layout->addWidget(m_list);
    m_nothing->setProperty("role", "dim");
    m_nothing->setMinimumHeight(Theme::row);
    layout->addWidget(m_nothing);
    connect(m_find, &QLineEdit::textChanged, this, &LayerPicker::find);
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex& index) { choose(index.row()); });
    hide();
}

void LayerPicker::open(const QPoint& globalPos, const std::vector<std::string>& layers, const QString& heading)
{
    m_model->setLayers(layers);
    m_heading->setText(m_heading->fontMetrics().elidedText(heading, Qt::ElideRight, listWidth - 16));
    m_list->setFixedHeight(std::clamp(static_cast<int>(layers.size()), 1, mostRows) * Theme::row);
    m_find->clear();
    find({});
    adjustSize();
    QPoint at = globalPos;
    if (const QScreen* screen = QGuiApplication::screenAt(globalPos)) {
        const QRect room = screen->availableGeometry();
        at.setX(std::max(room.left(), std::min(at.x(), room.right() - listWidth)));
        at.setY(std::max(room.top(), std::min(at.y(), room.bottom() - height())));
    }
    move(at);
    show();
    m_find->setFocus();
}

void LayerPicker::find(const QString& text)
{
    m_model->setFilter(text);
    const bool any = m_model->rowCount() > 0;
    m_list->setVisible(any);
    m_nothing->setVisible(!any);
    if (any)
        m_list->setCurrentIndex(m_model->index(0));
}

void LayerPicker::choose(int row)
{
    const std::string layer = m_model->layerAt(row);
    if (layer.empty())
        return;
    m_choosing = true;
    hide();
    m_choosing = false;
    emit chosen(layer);
}

void LayerPicker::hideEvent(QHideEvent* event)
{
    QFrame::hideEvent(event);
    emit closed(m_choosing);
}

bool LayerPicker::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_find || event->type() != QEvent::KeyPress)
        return QFrame::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    const int row = m_list->currentIndex().row(), rows = m_model->rowCount();
    const auto go = [&](int to) {
        if (rows > 0)
            m_list->setCurrentIndex(m_model->index(std::clamp(to, 0, rows - 1)));
        return true;
    };
    switch (key) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        choose(row);
        return true;
    case Qt::Key_Escape:
        hide();
        return true;
    case Qt::Key_Down:
        return go(row + 1);
    case Qt::Key_Up:
        return go(row - 1);
    case Qt::Key_PageDown:
        return go(row + mostRows);
    case Qt::Key_PageUp:
        return go(row - mostRows);
    default:
        return QFrame::eventFilter(watched, event);
    }
}

} // namespace limpid
