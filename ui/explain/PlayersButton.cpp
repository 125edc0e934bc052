#include "ui/explain/PlayersButton.h"

#include "ui/explain/GroupsDialog.h"
#include "ui/explain/ReplaceCommand.h"
#include "ui/session/Session.h"

#include <algorithm>

namespace limpid {

namespace {

constexpr const char* settingKey = "explain.groups";

nlohmann::json groupsJson(const ColumnGroups& groups)
{
    nlohmann::json all = nlohmann::json::array();
    for (const ColumnGroup& group : groups)
        all.push_back({{"name", group.name}, {"columns", group.columns}});
    return all;
}

} // namespace

QString playersText(int columns, const ColumnGroups& groups)
{
    int grouped = 0;
    for (const ColumnGroup& group : groups)
        grouped += static_cast<int>(group.columns.size());
    const int alone = columns - grouped;
    const QString single = alone == 1 ? PlayersButton::tr("1 column") : PlayersButton::tr("%n columns", nullptr, alone);
    if (groups.empty())
        return single;
    return groups.size() == 1 ? PlayersButton::tr("%1, 1 group").arg(single) : PlayersButton::tr("%1, %n groups", nullptr, static_cast<int>(groups.size())).arg(single);
}

PlayersButton::PlayersButton(Session& session, QWidget* parent) : QPushButton(parent), m_session(session)
{
    setObjectName("explain.groups");
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); // a narrow window cuts its text rather than grow
    setToolTip(tr("Whose shares are told: each column's, or that of groups of columns, which join and stay out together."));
    connect(this, &QPushButton::clicked, this, [this] {
        auto* dialog = new GroupsDialog(*this, window());
        dialog->show();
    });
    connect(&session, &Session::dataChanged, this, &PlayersButton::restore);
    connect(&session, &Session::workspaceOpened, this, &PlayersButton::restore);
    restore();
    showText();
}

void PlayersButton::setColumns(const QStringList& columns)
{
    if (columns == m_columns)
        return;
    m_columns = columns;
    showText();
    emit changed();
}

ColumnGroups PlayersButton::playing() const
{
    ColumnGroups playing;
    for (const ColumnGroup& group : m_groups) {
        ColumnGroup known{group.name, {}};
        for (const std::string& column : group.columns)
            if (m_columns.contains(QString::fromStdString(column)))
                known.columns.push_back(column);
        if (!known.columns.empty())
            playing.push_back(std::move(known));
    }
    return playing;
}

void PlayersButton::setGroups(ColumnGroups groups, const QString& text)
{
    const auto set = [this, file = m_file](const ColumnGroups& wanted) {
        if (file == m_file)
            take(wanted);
    };
    m_session.undoStack().push(new ReplaceCommand<ColumnGroups>(this, set, m_groups, std::move(groups), text));
}

void PlayersButton::take(const ColumnGroups& groups)
{
    m_groups = groups;
    nlohmann::json kept = m_session.viewValue(settingKey);
    if (!kept.is_object())
        kept = nlohmann::json::object();
    if (groups.empty())
        kept.erase(m_file.toStdString());
    else
        kept[m_file.toStdString()] = groupsJson(groups);
    m_session.setViewValue(settingKey, kept);
    showText();
    emit changed();
}

void PlayersButton::restore()
{
    const QString file = m_session.data() ? m_session.filePath() : QString();
    if (file == m_file)
        return;
    m_file = file;
    m_groups.clear();
    try {
        const nlohmann::json kept = m_session.viewValue(settingKey);
        if (kept.is_object() && !file.isEmpty())
            for (const nlohmann::json& group : kept.value(file.toStdString(), nlohmann::json::array()))
                m_groups.push_back({group.at("name").get<std::string>(), group.at("columns").get<std::vector<std::string>>()});
    } catch (const nlohmann::json::exception&) {
        m_groups.clear(); // of another version
    }
    showText();
    emit changed();
}

QSize PlayersButton::sizeHint() const
{
    QSize size = QPushButton::sizeHint();
    size.rwidth() += fontMetrics().horizontalAdvance(m_text) - fontMetrics().horizontalAdvance(text());
    return size;
}

QSize PlayersButton::minimumSizeHint() const
{
    constexpr int least = 84;
    const QSize size = sizeHint();
    return {std::min(least, size.width()), size.height()};
}

void PlayersButton::resizeEvent(QResizeEvent* event)
{
    QPushButton::resizeEvent(event);
    fitText();
}

void PlayersButton::fitText()
{
    const QFontMetrics metrics = fontMetrics();
    const int wanted = sizeHint().width(), frame = wanted - metrics.horizontalAdvance(m_text);
    setText(isVisible() && width() < wanted ? metrics.elidedText(m_text, Qt::ElideRight, width() - frame) : m_text);
}

void PlayersButton::showText()
{
    m_text = m_columns.isEmpty() ? tr("Players…") : tr("Players: %1").arg(playersText(static_cast<int>(m_columns.size()), playing()));
    setText(m_text);
    setAccessibleName(m_text);
    updateGeometry();
    QMetaObject::invokeMethod(this, &PlayersButton::fitText, Qt::QueuedConnection); // once it has its new place
    setEnabled(!m_columns.isEmpty());
}

} // namespace limpid
