#include "ui/explain/CohortPicker.h"

#include "core/workbench/NamedCohorts.h"
#include "ui/explain/CohortBook.h"
#include "ui/session/Session.h"

#include <algorithm>

namespace limpid {

namespace {

constexpr const char* settingKey = "explain.cohorts";
// As the settings have them; a cohort of the user's is kept with a "=" before its name.
const QString selectedKey = QStringLiteral("selected"), othersKey = QStringLiteral("others");

} // namespace

CohortPicker::CohortPicker(Session& session, const CohortBook& book, QWidget* parent)
    : CheckListButton(QStringLiteral("comparedCohorts"), tr("Cohorts to compare"), parent), m_session(session), m_book(book)
{
    setObjectName("explain.cohortsShown");
    setToolTip(tr("Which rows are compared with each other."));
    connect(this, &CheckListButton::changed, this, [this] {
        QStringList keys;
        for (const QString& name : checked())
            keys << (name == CohortBook::reserved()[0] ? selectedKey : name == CohortBook::reserved()[1] ? othersKey : QLatin1Char('=') + name);
        // One that is of no use now stays chosen for the day it is.
        for (const QString& key : m_chosen)
            if (key.startsWith(QLatin1Char('=')) && !m_book.usable(key.mid(1)))
                keys << key;
        m_chosen = keys;
        keep();
    });
    connect(&session, &Session::workspaceOpened, this, &CohortPicker::restore);
    connect(&book, &CohortBook::changed, this, [this] { m_file == m_session.filePath() ? fill() : restore(); });
    restore();
}

void CohortPicker::restore()
{
    m_file = m_session.filePath();
    m_chosen = {selectedKey, othersKey};
    const nlohmann::json all = m_session.viewValue(settingKey);
    const nlohmann::json kept = all.is_object() ? all.value(m_file.toStdString(), nlohmann::json()) : nlohmann::json();
    if (kept.is_array()) {
        m_chosen.clear();
        for (const nlohmann::json& key : kept)
            if (key.is_string())
                m_chosen << QString::fromStdString(key.get<std::string>());
    }
    fill();
}

void CohortPicker::keep()
{
    nlohmann::json all = m_session.viewValue(settingKey), own = nlohmann::json::array();
    for (const QString& key : m_chosen)
        own.push_back(key.toStdString());
    if (!all.is_object())
        all = nlohmann::json::object();
    all[m_file.toStdString()] = std::move(own);
    m_session.setViewValue(settingKey, all);
}

void CohortPicker::fill()
{
    QStringList items = CohortBook::reserved(), chosen;
    for (const QString& key : {selectedKey, othersKey})
        if (m_chosen.contains(key))
            chosen << items[key == selectedKey ? 0 : 1];
    for (const CohortBook::Entry& entry : m_book.entries()) {
        const QString name = QString::fromStdString(entry.cohort.name);
        if (!entry.usable)
            continue;
        items << name;
        if (m_chosen.contains(QLatin1Char('=') + name))
            chosen << name;
    }
    setItems(items);
    setChecked(chosen);
}

void CohortPicker::add(const QString& name)
{
    if (const QString key = QLatin1Char('=') + name; !m_chosen.contains(key))
        m_chosen << key;
    keep();
}

std::vector<Cohort> CohortPicker::cohorts(const Explanation& explanation, const std::vector<std::size_t>& selected) const
{
    std::vector<Cohort> cohorts;
    std::vector<bool> isSelected(explanation.rowCount());
    for (const std::size_t row : selected)
        isSelected[row] = true;
    const auto add = [&](const QString& name, auto&& isIn) {
        Cohort& cohort = cohorts.emplace_back(Cohort{name, {}});
        for (std::size_t row = 0; row < isSelected.size(); ++row)
            if (isIn(row))
                cohort.rows.push_back(row);
    };
    for (const QString& name : checked()) {
        if (name == CohortBook::reserved()[0])
            add(tr("selected"), [&](std::size_t row) { return isSelected[row]; });
        else if (name == CohortBook::reserved()[1])
            add(tr("others"), [&](std::size_t row) { return !isSelected[row]; });
        else if (const NamedCohort* named = m_book.usable(name))
            cohorts.push_back({name, explainedAmong(explanation, named->rows)});
    }
    if (cohorts.empty())
        add(tr("all rows"), [](std::size_t) { return true; });
    return cohorts;
}

void CohortPicker::showChecked()
{
    const QStringList names = checked();
    setText(names.isEmpty() ? tr("all rows") : names.size() == 1 ? names.front() : tr("%n cohorts", nullptr, static_cast<int>(names.size())));
}

} // namespace limpid
