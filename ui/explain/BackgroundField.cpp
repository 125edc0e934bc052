#include "ui/explain/BackgroundField.h"

#include "core/data/RowConditions.h"
#include "core/workbench/Workbench.h"
#include "ui/explain/CohortBook.h"
#include "ui/text/Messages.h"

#include <nlohmann/json.hpp>

#include <QComboBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStyle>

#include <algorithm>
#include <limits>

namespace limpid {

namespace {

using Kind = BackgroundSpec::Kind;

constexpr int usualCentres = 20;
constexpr int nameRole = Qt::UserRole + 1;   ///< of an item of Kind::Rows: the cohort's name, if it has one

} // namespace

BackgroundField::BackgroundField(QWidget* parent)
    : QWidget(parent), m_kind(new QComboBox(this)), m_count(new QSpinBox(this)), m_centres(new QSpinBox(this)), m_row(new QSpinBox(this)),
      m_where(new QLineEdit(this)), m_problem(new QLabel(this))
{
    setAcceptDrops(true);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    auto* label = new QLabel(tr("Compare with"), this);
    label->setProperty("role", "label");
    label->setBuddy(m_kind);
    line->addWidget(label);

    const auto add = [this](Kind kind, const QString& text, const QString& help) {
        m_kind->addItem(text, static_cast<int>(kind));
        m_kind->setItemData(m_kind->count() - 1, help, Qt::ToolTipRole);
    };
    add(Kind::Sample, tr("a sample"), tr("Rows drawn at random from the training rows."));
    add(Kind::All, tr("all rows"), tr("All training rows, or of the table where these are not known: no chance is in it, and it takes the longest."));
    add(Kind::KMeans, tr("k-means"), tr("The rows nearest to the centres of clusters, each weighted by the rows of its cluster: few rows that stand for all."));
    add(Kind::Row, tr("one row"), tr("What makes a row's prediction differ from that one's."));
    add(Kind::Cohort, tr("a cohort"), tr("Training rows that meet conditions."));
    m_kind->setToolTip(tr("The rows whose average a prediction is compared with. Rows of the list below can be dropped here."));
    const auto place = [&](const char* name, const QString& text, QWidget* field, int stretch = 0) {
        field->setObjectName(QLatin1String(name));
        field->setAccessibleName(text);
        line->addWidget(field, stretch);
    };
    place("explain.compare", tr("Compare with"), m_kind);
    m_kind->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_kind->setMinimumWidth(90); // a cohort's name may be long, and a window narrow
    m_kind->setMaximumWidth(190);
    m_count->setRange(1, 10'000);
    m_count->setValue(static_cast<int>(BackgroundSpec().count));
    m_count->setSuffix(tr(" rows"));
    m_count->setToolTip(tr("How many rows stand for the average a prediction is compared with. Usual: 50 to 200."));
    m_centres->setRange(1, 1000);
    m_centres->setValue(usualCentres);
    m_centres->setSuffix(tr(" centres"));
    m_centres->setToolTip(tr("How many clusters the rows are put into. Usual: 10 to 50."));
    m_row->setPrefix(tr("row "));
    m_row->setRange(0, 0);
    m_row->setToolTip(tr("Which row of the table, counted from 0."));
    place("explain.where", tr("Conditions"), m_where, 2);
    place("explain.background", tr("Background rows"), m_count);
    place("explain.centres", tr("Centres"), m_centres);
    place("explain.backgroundRow", tr("Row"), m_row);
    m_where->setPlaceholderText(tr("COLUMN > NUMBER, COLUMN = VALUE"));
    m_where->setToolTip(tr("Conditions that must all hold, with commas between them: = != < <= > >=. Put names and values that hold commas in double quotes; \"\" is a missing value."));
    m_where->setMinimumWidth(96); // on a narrow window, beside the fields of superpixels
    m_problem->setObjectName("explain.backgroundProblem");
    m_problem->setProperty("role", "warn");
    m_problem->setMinimumWidth(1); // a long sentence gives way; it is whole in the tooltip
    line->addWidget(m_problem, 3);
    line->addStretch(0);

    connect(m_kind, &QComboBox::activated, this, [this] {
        if (kind() != Kind::Rows || !cohort().isEmpty())
            forgetRows();
        m_wantedCohort = cohort();
        showFields();
        emit changed();
    });
    for (QSpinBox* spin : {m_count, m_centres, m_row}) {
        spin->setKeyboardTracking(false);
        spin->setGroupSeparatorShown(true);
        connect(spin, &QSpinBox::valueChanged, this, &BackgroundField::changed);
    }
    connect(m_where, &QLineEdit::textChanged, this, [this] {
        checkConditions();
        emit changed();
    });
    showFields();
}

Kind BackgroundField::kind() const { return static_cast<Kind>(m_kind->currentData().toInt()); }

void BackgroundField::choose(Kind kind)
{
    m_kind->setCurrentIndex(std::max(0, m_kind->findData(static_cast<int>(kind))));
    showFields();
}

BackgroundSpec BackgroundField::spec() const
{
    BackgroundSpec spec;
    spec.kind = kind();
    spec.count = static_cast<std::size_t>(spec.kind == Kind::KMeans ? m_centres->value() : m_count->value());
    if (spec.kind == Kind::Row)
        spec.row = static_cast<std::size_t>(m_row->value());
    if (spec.kind == Kind::Cohort)
        spec.where = m_where->text().toStdString();
    if (spec.kind == Kind::Rows) {
        const NamedCohort* named = m_book ? m_book->usable(cohort()) : nullptr;
        spec.rows = named ? named->rows : m_rows;
        spec.where = named ? named->name : std::string();
    }
    return spec;
}

void BackgroundField::setData(std::shared_ptr<const DataSet> data)
{
    if (data == m_data)
        return;
    m_data = std::move(data);
    const std::size_t rows = m_data ? m_data->table().rows() : 0;
    const QSignalBlocker quiet(m_row);
    m_row->setMaximum(static_cast<int>(std::min<std::size_t>(rows > 0 ? rows - 1 : 0, std::numeric_limits<int>::max())));
    forgetRows();
    showFields();
}

void BackgroundField::setLocked(bool locked)
{
    for (QWidget* field : {static_cast<QWidget*>(m_kind), static_cast<QWidget*>(m_count), static_cast<QWidget*>(m_centres), static_cast<QWidget*>(m_row), static_cast<QWidget*>(m_where)})
        field->setEnabled(!locked);
}

void BackgroundField::setRows(std::vector<std::size_t> rows)
{
    forgetRows();
    if (rows.size() == 1) {
        const QSignalBlocker quiet(m_row);
        m_row->setValue(static_cast<int>(rows.front()));
        choose(Kind::Row);
    } else {
        m_rows = std::move(rows);
        m_kind->addItem(tr("the %1 selected rows").arg(countText(static_cast<qint64>(m_rows.size()))), static_cast<int>(Kind::Rows));
        m_kind->setCurrentIndex(itemOf({}));
        showFields();
    }
    m_wantedCohort.clear();
    emit changed();
}

QString BackgroundField::cohort() const { return kind() == Kind::Rows ? m_kind->currentData(nameRole).toString() : QString(); }

int BackgroundField::itemOf(const QString& cohort) const
{
    for (int i = 0; i < m_kind->count(); ++i)
        if (m_kind->itemData(i).toInt() == static_cast<int>(Kind::Rows) && m_kind->itemData(i, nameRole).toString() == cohort)
            return i;
    return -1;
}

void BackgroundField::setCohorts(const CohortBook* book)
{
    m_book = book;
    connect(book, &CohortBook::changed, this, &BackgroundField::fillCohorts);
    fillCohorts();
}

void BackgroundField::fillCohorts()
{
    const QString before = cohort();
    const BackgroundSpec was = spec();
    for (int i = m_kind->count() - 1; i >= 0; --i)
        if (!m_kind->itemData(i, nameRole).toString().isEmpty())
            m_kind->removeItem(i);
    for (const CohortBook::Entry& entry : m_book->entries()) {
        if (!entry.usable)
            continue;
        const QString name = QString::fromStdString(entry.cohort.name);
        m_kind->addItem(tr("“%1”").arg(name), static_cast<int>(Kind::Rows));
        m_kind->setItemData(m_kind->count() - 1, name, nameRole);
        m_kind->setItemData(m_kind->count() - 1, tr("%1 rows of the table.").arg(countText(static_cast<qint64>(entry.cohort.rows.size()))), Qt::ToolTipRole);
    }
    if (const int at = m_wantedCohort.isEmpty() ? -1 : itemOf(m_wantedCohort); at >= 0)
        m_kind->setCurrentIndex(at);
    else if (!before.isEmpty())
        m_kind->setCurrentIndex(0);
    showFields();
    if (spec() != was)
        emit changed();
}

void BackgroundField::chooseCohort(const QString& name)
{
    const int at = itemOf(name);
    if (at < 0)
        return;
    m_kind->setCurrentIndex(at);
    forgetRows();
    m_wantedCohort = name;
    showFields();
    emit changed();
}

void BackgroundField::forgetRows()
{
    m_rows.clear();
    if (const int at = itemOf({}); at >= 0)
        m_kind->removeItem(at);
}

void BackgroundField::showFields()
{
    const Kind shown = kind();
    m_count->setVisible(shown == Kind::Sample || shown == Kind::Cohort || shown == Kind::Rows);
    m_count->setPrefix(shown == Kind::Sample ? QString() : tr("at most "));
    m_centres->setVisible(shown == Kind::KMeans);
    m_row->setVisible(shown == Kind::Row);
    m_where->setVisible(shown == Kind::Cohort);
    setSizePolicy(shown == Kind::Cohort ? QSizePolicy::Expanding : QSizePolicy::Maximum, QSizePolicy::Preferred); // conditions are long
    checkConditions();
}

void BackgroundField::checkConditions()
{
    QString problem;
    if (kind() == Kind::Cohort && m_data && !m_where->text().trimmed().isEmpty()) {
        try {
            matchingRows(m_data->table(), parseConditions(m_where->text().toStdString()), {});
        } catch (const Error& error) {
            problem = message(error);
        }
    }
    m_problem->setText(problem);
    m_problem->setToolTip(problem);
    m_problem->setVisible(!problem.isEmpty());
    if (m_where->property("invalid").toBool() != !problem.isEmpty()) {
        m_where->setProperty("invalid", !problem.isEmpty());
        m_where->style()->unpolish(m_where);
        m_where->style()->polish(m_where);
    }
}

nlohmann::json BackgroundField::toJson() const
{
    // Selected rows are of this session's table: another day a sample stands for them, unless they have a name.
    const Kind kept = kind() == Kind::Rows ? Kind::Sample : kind();
    return {{"kind", backgroundKindName(kept)}, {"count", m_count->value()}, {"centres", m_centres->value()}, {"row", m_row->value()},
            {"where", m_where->text().toStdString()}, {"cohort", m_wantedCohort.toStdString()}};
}

void BackgroundField::restore(const nlohmann::json& kept)
{
    if (!kept.is_object())
        return;
    const QSignalBlocker quiet(this);
    try {
        m_count->setValue(kept.value("count", m_count->value()));
        m_centres->setValue(kept.value("centres", m_centres->value()));
        m_row->setValue(kept.value("row", m_row->value()));
        m_where->setText(QString::fromStdString(kept.value("where", std::string())));
        m_wantedCohort = QString::fromStdString(kept.value("cohort", std::string()));
        const std::string name = kept.value("kind", std::string());
        for (int i = 0; i < m_kind->count(); ++i) {
            if (backgroundKindName(static_cast<Kind>(m_kind->itemData(i).toInt())) == name)
                choose(static_cast<Kind>(m_kind->itemData(i).toInt()));
        }
        if (m_book)
            fillCohorts();
    } catch (const nlohmann::json::exception&) {
        // Settings of another version: what could not be read keeps its default.
    }
}

void BackgroundField::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasFormat(QLatin1String(rowsMimeType)))
        event->acceptProposedAction();
}

void BackgroundField::dropEvent(QDropEvent* event)
{
    std::vector<std::size_t> rows;
    const std::size_t all = m_data ? m_data->table().rows() : 0;
    for (const QByteArray& number : event->mimeData()->data(QLatin1String(rowsMimeType)).split(' ')) {
        bool fits = false;
        if (const qulonglong row = number.toULongLong(&fits); fits && row < all)
            rows.push_back(static_cast<std::size_t>(row));
    }
    if (rows.empty())
        return;
    event->acceptProposedAction();
    setRows(std::move(rows));
    emit rowsDropped();
}

} // namespace limpid
