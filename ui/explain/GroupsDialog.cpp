#include "ui/explain/GroupsDialog.h"

#include "ui/explain/PlayersButton.h"
#include "ui/theme/Theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QShortcut>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

namespace limpid {

namespace {

/// Of a group's line: its name as it is kept. A column's line has none.
constexpr int groupRole = Qt::UserRole;

void takeOut(ColumnGroups& groups, const QStringList& columns)
{
    for (ColumnGroup& group : groups)
        std::erase_if(group.columns, [&](const std::string& column) { return columns.contains(QString::fromStdString(column)); });
    std::erase_if(groups, [](const ColumnGroup& group) { return group.columns.empty(); });
}

} // namespace

std::vector<ColumnGroup> groupsByFirstWord(const QStringList& columns)
{
    static const QRegularExpression ends(QStringLiteral("[\\s_.:/-]"));
    ColumnGroups groups;
    for (const QString& column : columns) {
        const auto length = column.indexOf(ends);
        if (length <= 0 && length != -1)
            continue;
        const std::string word = column.left(length).toStdString();
        const auto found = std::find_if(groups.begin(), groups.end(), [&](const ColumnGroup& group) { return group.name == word; });
        (found == groups.end() ? groups.emplace_back(ColumnGroup{word, {}}) : *found).columns.push_back(column.toStdString());
    }
    std::erase_if(groups, [](const ColumnGroup& group) { return group.columns.size() < 2; });
    return groups;
}

GroupsDialog::GroupsDialog(PlayersButton& players, QWidget* parent)
    : QDialog(parent), m_players(players), m_find(new QLineEdit(this)), m_name(new QLineEdit(this)), m_tree(new QTreeWidget(this)),
      m_group(new QPushButton(tr("Group"), this)), m_ungroup(new QPushButton(tr("Ungroup"), this)), m_suggest(new QPushButton(tr("Group by first word"), this)), m_problem(new QLabel(this))
{
    setObjectName("groupsDialog");
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Players"));
    resize(420, 560);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(Theme::gap);
    auto* help = new QLabel(tr("Columns in a group count as one: they join and stay out together, and get one share."), this);
    help->setProperty("role", "dim");
    help->setWordWrap(true);
    layout->addWidget(help);
    m_find->setObjectName("groups.find");
    m_find->setPlaceholderText(tr("Find a column"));
    m_find->setAccessibleName(tr("Find a column"));
    m_find->setClearButtonEnabled(true);
    layout->addWidget(m_find);
    m_tree->setObjectName("groups.columns");
    m_tree->setAccessibleName(tr("Columns and groups"));
    m_tree->setHeaderHidden(true);
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tree->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked);
    m_tree->setExpandsOnDoubleClick(false); // it renames
    layout->addWidget(m_tree, 1);
    auto* line = new QHBoxLayout;
    m_name->setObjectName("groups.name");
    m_name->setPlaceholderText(tr("Name of the group"));
    m_name->setAccessibleName(tr("Name of the group"));
    m_group->setObjectName("groups.group");
    m_group->setToolTip(tr("Puts the selected columns into a group of this name."));
    line->addWidget(m_name, 1);
    line->addWidget(m_group);
    layout->addLayout(line);
    m_problem->setObjectName("groups.problem");
    m_problem->setProperty("role", "warn");
    m_problem->setWordWrap(true);
    layout->addWidget(m_problem);
    auto* last = new QHBoxLayout;
    m_ungroup->setObjectName("groups.ungroup");
    m_ungroup->setToolTip(tr("Takes the selected columns, or all of the selected groups, out of their groups (Delete)."));
    m_suggest->setObjectName("groups.suggest");
    m_suggest->setToolTip(tr("Columns whose names begin with the same word, which often have one source."));
    auto* close = new QPushButton(tr("Close"), this);
    last->addWidget(m_ungroup);
    last->addWidget(m_suggest);
    last->addStretch(1);
    last->addWidget(close);
    layout->addLayout(last);
    for (QPushButton* button : {m_group, m_ungroup, m_suggest, close})
        button->setAutoDefault(false); // Enter is for the name

    connect(m_find, &QLineEdit::textChanged, this, &GroupsDialog::find);
    connect(m_name, &QLineEdit::textChanged, this, &GroupsDialog::showState);
    connect(m_name, &QLineEdit::returnPressed, this, &GroupsDialog::group);
    connect(m_tree, &QTreeWidget::itemSelectionChanged, this, &GroupsDialog::showState);
    connect(m_tree, &QTreeWidget::itemChanged, this, &GroupsDialog::rename);
    connect(m_group, &QPushButton::clicked, this, &GroupsDialog::group);
    connect(m_ungroup, &QPushButton::clicked, this, &GroupsDialog::ungroup);
    connect(m_suggest, &QPushButton::clicked, this, &GroupsDialog::suggest);
    connect(close, &QPushButton::clicked, this, &QDialog::close);
    connect(new QShortcut(QKeySequence::Delete, m_tree, nullptr, nullptr, Qt::WidgetShortcut), &QShortcut::activated, this, &GroupsDialog::ungroup);
    connect(&players, &PlayersButton::changed, this, &GroupsDialog::fill);
    connect(&players, &QObject::destroyed, this, &QDialog::close);
    fill();
    m_find->setFocus();
}

void GroupsDialog::fill()
{
    m_filling = true;
    m_tree->clear();
    std::set<QString> grouped;
    for (const ColumnGroup& group : m_players.playing()) {
        auto* item = new QTreeWidgetItem(m_tree, {QString::fromStdString(group.name)});
        item->setData(0, groupRole, QString::fromStdString(group.name));
        item->setFlags(item->flags() | Qt::ItemIsEditable);
        QFont font = m_tree->font();
        font.setBold(true);
        item->setFont(0, font);
        for (const std::string& column : group.columns)
            grouped.insert(QString::fromStdString(column)), new QTreeWidgetItem(item, {QString::fromStdString(column)});
        item->setExpanded(true);
    }
    for (const QString& column : m_players.columns())
        if (!grouped.contains(column))
            new QTreeWidgetItem(m_tree, {column});
    m_filling = false;
    find(m_find->text());
    showState();
}

void GroupsDialog::find(const QString& text)
{
    const auto matches = [&](const QTreeWidgetItem* item) { return item->text(0).contains(text, Qt::CaseInsensitive); };
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        QTreeWidgetItem* item = m_tree->topLevelItem(i);
        bool any = matches(item);
        const bool all = any; // a group that is found is shown whole
        for (int k = 0; k < item->childCount(); ++k) {
            item->child(k)->setHidden(!all && !matches(item->child(k)));
            any = any || !item->child(k)->isHidden();
        }
        item->setHidden(!any);
    }
}

QStringList GroupsDialog::selectedColumns() const
{
    QStringList columns;
    for (const QTreeWidgetItem* item : m_tree->selectedItems()) {
        if (item->data(0, groupRole).isNull())
            columns << item->text(0);
        for (int k = 0; k < item->childCount(); ++k)
            columns << item->child(k)->text(0);
    }
    columns.removeDuplicates();
    return columns;
}

QString GroupsDialog::problemOf(const QString& name, const QStringList& columns, const std::string& own) const
{
    for (const ColumnGroup& group : m_players.groups())
        if (group.name == name.toStdString() && group.name != own)
            return tr("There is a group “%1” already.").arg(name);
    if (m_players.columns().contains(name) && !columns.contains(name))
        return tr("“%1” is a column outside the group: they need different names.").arg(name);
    return {};
}

void GroupsDialog::showState()
{
    const QStringList columns = selectedColumns();
    const QString name = m_name->text().trimmed();
    const QString problem = name.isEmpty() ? QString() : problemOf(name, columns, {});
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
    m_group->setEnabled(!columns.isEmpty() && !name.isEmpty() && problem.isEmpty());
    const ColumnGroups& groups = m_players.groups();
    m_ungroup->setEnabled(std::any_of(groups.begin(), groups.end(), [&](const ColumnGroup& group) {
        return std::any_of(group.columns.begin(), group.columns.end(), [&](const std::string& column) { return columns.contains(QString::fromStdString(column)); });
    }));
    m_suggest->setEnabled(groups.empty() && !groupsByFirstWord(m_players.columns()).empty());
}

void GroupsDialog::group()
{
    if (!m_group->isEnabled())
        return;
    const QStringList columns = selectedColumns();
    ColumnGroups groups = m_players.groups();
    takeOut(groups, columns);
    ColumnGroup& group = groups.emplace_back();
    group.name = m_name->text().trimmed().toStdString();
    for (const QString& column : columns)
        group.columns.push_back(column.toStdString());
    m_name->clear();
    m_players.setGroups(std::move(groups), tr("Group columns"));
}

void GroupsDialog::ungroup()
{
    if (!m_ungroup->isEnabled())
        return;
    ColumnGroups groups = m_players.groups();
    takeOut(groups, selectedColumns());
    m_players.setGroups(std::move(groups), tr("Ungroup columns"));
}

void GroupsDialog::suggest()
{
    ColumnGroups groups = groupsByFirstWord(m_players.columns());
    // A column may go by the word alone.
    std::erase_if(groups, [&](const ColumnGroup& group) {
        const QString name = QString::fromStdString(group.name);
        return m_players.columns().contains(name) && std::find(group.columns.begin(), group.columns.end(), group.name) == group.columns.end();
    });
    m_players.setGroups(std::move(groups), tr("Group columns by first word"));
}

void GroupsDialog::rename(QTreeWidgetItem* item)
{
    const std::string before = item->data(0, groupRole).toString().toStdString();
    if (m_filling || before.empty())
        return;
    QStringList columns;
    for (int k = 0; k < item->childCount(); ++k)
        columns << item->child(k)->text(0);
    const QString name = item->text(0).trimmed();
    const QString problem = problemOf(name, columns, before);
    if (name.isEmpty() || !problem.isEmpty() || name.toStdString() == before) {
        m_filling = true;
        item->setText(0, QString::fromStdString(before));
        m_filling = false;
        m_problem->setText(problem);
        m_problem->setVisible(!problem.isEmpty());
        return;
    }
    ColumnGroups groups = m_players.groups();
    for (ColumnGroup& group : groups)
        if (group.name == before)
            group.name = name.toStdString();
    // Once the editor is done with the line, which is made anew.
    QMetaObject::invokeMethod(this, [this, groups = std::move(groups)] { m_players.setGroups(groups, tr("Rename a group")); }, Qt::QueuedConnection);
}

} // namespace limpid
