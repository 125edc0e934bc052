#include "ui/network/ChangesPanel.h"

#include "ui/text/ChangeTexts.h"
#include "ui/text/Messages.h"
#include "ui/theme/Theme.h"

#include <QKeyEvent>
#include <QLabel>
#include <QListView>
#include <QPainter>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace limpid {

namespace {

constexpr int signWidth = 18;

QColor signColor(NodeChange::Kind kind, const ThemeColors& colors)
{
    switch (kind) {
    case NodeChange::Kind::Added:
    case NodeChange::Kind::BlockAdded:
        return colors.good;
    case NodeChange::Kind::Removed:
    case NodeChange::Kind::BlockRemoved:
        return colors.bad;
    case NodeChange::Kind::Renamed:
        return colors.dim;
    case NodeChange::Kind::Changed:
    case NodeChange::Kind::Outputs:
        break;
    }
    return colors.accent;
}

/// The sign, what has changed, and how in the dim colour.
class ChangeDelegate : public QStyledItemDelegate
{
public:
    ChangeDelegate(const Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index); // the row's ground
        const ThemeColors& colors = m_theme.colors();
        QRect room = option.rect.adjusted(8, 0, -8, 0);
        painter->save();
        QFont name = option.font;
        name.setWeight(QFont::DemiBold);
        painter->setFont(name);
        painter->setPen(signColor(static_cast<NodeChange::Kind>(index.data(ChangeModel::kindRole).toInt()), colors));
        painter->drawText(QRect(room.left(), room.top(), signWidth, room.height()), Qt::AlignCenter, index.data(ChangeModel::signRole).toString());
        room.setLeft(room.left() + signWidth + 6);
        const QFontMetrics metrics(name);
        const QString subject = metrics.elidedText(index.data().toString(), Qt::ElideRight, room.width() / 2);
        painter->setPen(colors.text);
        painter->drawText(room, Qt::AlignLeft | Qt::AlignVCenter, subject);
        room.setLeft(room.left() + metrics.horizontalAdvance(subject) + 10);
        painter->setFont(option.font);
        painter->setPen(colors.dim);
        painter->drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                          option.fontMetrics.elidedText(index.data(ChangeModel::detailRole).toString(), Qt::ElideRight, room.width()));
        if (option.state & QStyle::State_HasFocus) {
            painter->setPen(colors.accent);
            painter->drawRoundedRect(option.rect.adjusted(0, 0, -1, -1), 4, 4);
        }
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {200, Theme::row}; }

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->text.clear(); // painted above
    }

private:
    const Theme& m_theme;
};

} // namespace

void ChangeModel::setChanges(std::vector<NodeChange> changes)
{
    beginResetModel();
    m_changes = std::move(changes);
    endResetModel();
}

int ChangeModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_changes.size());
}

QVariant ChangeModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const NodeChange& change = m_changes[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: {
        const QString place = changePlace(change);
        return place.isEmpty() ? changeSubject(change) : QStringLiteral("%1 › %2").arg(place, changeSubject(change));
    }
    case detailRole:
        return changeDetail(change, SettingNames::Labels);
    case signRole:
        return changeSign(change.kind).replace(QLatin1Char('-'), QChar(0x2212)); // as wide as the others
    case kindRole:
        return static_cast<int>(change.kind);
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return changeSentence(change);
    default:
        return {};
    }
}

ChangesPanel::ChangesPanel(const Theme& theme, QWidget* parent)
    : Card(tr("What changed"), parent), m_model(new ChangeModel(this)), m_list(new QListView(this)),
      m_nothing(new QLabel(tr("Nothing is different. Where layers stand, and comments, do not count."), this))
{
    setObjectName("changesPanel");
    auto* stop = new QPushButton(tr("Stop comparing"), this);
    stop->setObjectName("stopComparingButton");
    addControl(stop);
    connect(stop, &QPushButton::clicked, this, &ChangesPanel::stop);
    m_list->setObjectName("changesList");
    m_list->setAccessibleName(tr("What changed, a line each"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new ChangeDelegate(theme, m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_nothing->setObjectName("nothingChanged");
    m_nothing->setProperty("role", "dim");
    m_nothing->setContentsMargins(8, 0, 8, 0);
    m_nothing->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    body()->setContentsMargins(6, 0, 6, 8);
    body()->addWidget(m_list);
    body()->addWidget(m_nothing);
    setShownRows(4);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& index) {
        if (!m_refilling)
            choose(index);
    });
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex& index) { choose(index); });
    hide();
}

void ChangesPanel::setShownRows(int rows)
{
    setFixedHeight(40 + rows * Theme::row + 14);
}

void ChangesPanel::compareWith(const NetworkSpec& before, const QString& name)
{
    m_before = before;
    m_name = name;
    QWidget::show();
    emit comparisonChanged();
}

void ChangesPanel::stop()
{
    if (!m_before)
        return;
    m_before.reset();
    m_model->setChanges({});
    hide();
    emit comparisonChanged();
}

void ChangesPanel::show(const NetworkSpec& after)
{
    if (!m_before)
        return;
    std::vector<NodeChange> changes = networkChanges(*m_before, after);
    const bool same = changes.empty();
    setSubtitle(same                  ? tr("since %1").arg(m_name)
                : changes.size() == 1 ? tr("since %1 · 1 change").arg(m_name)
                                      : tr("since %1 · %2 changes").arg(m_name, countText(static_cast<qint64>(changes.size()))));
    m_list->setVisible(!same);
    m_nothing->setVisible(same);
    if (changes == m_model->changes())
        return;
    // The row that was chosen stays so, wherever it is now.
    const int row = m_list->currentIndex().row();
    std::optional<NodeChange> current;
    if (row >= 0)
        current = m_model->changes()[static_cast<std::size_t>(row)];
    m_refilling = true;
    m_model->setChanges(std::move(changes));
    if (current) {
        const std::vector<NodeChange>& all = m_model->changes();
        const auto found = std::find_if(all.begin(), all.end(), [&](const NodeChange& one) {
            return one.block == current->block && one.before == current->before && one.after == current->after;
        });
        if (found != all.end())
            m_list->setCurrentIndex(m_model->index(static_cast<int>(found - all.begin())));
    }
    m_refilling = false;
}

void ChangesPanel::choose(const QModelIndex& index)
{
    if (index.isValid())
        emit chosen(NodeChange(m_model->changes()[static_cast<std::size_t>(index.row())])); // a copy: what it selects may change the list
}

void ChangesPanel::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        choose(m_list->currentIndex());
    else
        Card::keyPressEvent(event);
}

} // namespace limpid
