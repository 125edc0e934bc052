#include "ui/explain/QualityDialog.h"

#include "ui/charts/PlotView.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"
#include "ui/text/QualityTexts.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Scrolled.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <nlohmann/json.hpp>

#include <mutex>
#include <optional>

namespace limpid {

namespace {

constexpr int refreshMs = 250;
constexpr int costDelayMs = 300;    // after the last choice
constexpr int plotHeight = 220;
constexpr int progressSteps = 1000;

/// One measure's figures and what they mean.
QWidget* textWidget(const QualityText& text, QWidget* parent)
{
    auto* widget = new QWidget(parent);
    auto* lines = new QVBoxLayout(widget);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(4);
    auto* name = new QLabel(text.name, widget);
    name->setProperty("role", "cardTitle");
    lines->addWidget(name);
    auto* figures = new QGridLayout;
    figures->setHorizontalSpacing(Theme::gap);
    for (int i = 0; i < static_cast<int>(text.figures.size()); ++i) {
        auto* what = new QLabel(text.figures[static_cast<std::size_t>(i)].first, widget);
        what->setProperty("role", "dim");
        auto* figure = new QLabel(text.figures[static_cast<std::size_t>(i)].second, widget);
        figure->setObjectName(QStringLiteral("quality.figure"));
        figure->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        figures->addWidget(what, i, 0);
        figures->addWidget(figure, i, 1);
    }
    figures->setColumnStretch(1, 1);
    lines->addLayout(figures);
    auto* meaning = new QLabel(text.meaning, widget);
    meaning->setProperty("role", "dim");
    meaning->setWordWrap(true);
    lines->addWidget(meaning);
    return widget;
}

std::vector<QPointF> curve(const std::vector<double>& x, const std::vector<double>& y)
{
    std::vector<QPointF> points;
    for (std::size_t i = 0; i < x.size(); ++i)
        points.emplace_back(100.0 * x[i], y[i]);
    return points;
}

} // namespace

/// What a worker has found so far: only the newest is kept.
class QualityDialog::Feed
{
public:
    void put(const QualityOutcome& outcome)
    {
        const std::lock_guard lock(m_mutex);
        m_newest = outcome;
    }
    std::optional<QualityOutcome> take()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_newest, std::nullopt);
    }

private:
    std::mutex m_mutex;
    std::optional<QualityOutcome> m_newest;
};

QualityDialog::QualityDialog(Session& session, const Theme& theme, QualitySubject subject, QWidget* parent)
    : QDialog(parent), m_session(session), m_subject(std::move(subject)), m_start(new QPushButton(this)), m_status(new QLabel(this)), m_progress(new QProgressBar(this))
{
    setObjectName("qualityDialog");
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("How far can “%1” be trusted?").arg(methodName(m_subject.method())));
    resize(640, 720);
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(Theme::gap);
    auto* boxes = new QGridLayout;
    constexpr int columns = 3;
    for (const std::string& measure : m_subject.measures()) {
        auto* box = new QCheckBox(qualityMeasureName(measure), this);
        box->setObjectName(QStringLiteral("quality.") + QString::fromStdString(measure));
        box->setChecked(true);
        connect(box, &QCheckBox::toggled, this, [this] {
            setRunning(m_job != 0);
            m_costTimer.start();
        });
        const int place = static_cast<int>(m_measures.size());
        boxes->addWidget(box, place / columns, place % columns);
        m_measures.emplace_back(measure, box);
    }
    layout->addLayout(boxes);
    auto* row = new QHBoxLayout;
    m_start->setObjectName("quality.start");
    m_start->setProperty("role", "primary");
    m_status->setObjectName("quality.status");
    m_status->setProperty("role", "dim");
    m_status->setWordWrap(true);
    row->addWidget(m_start);
    row->addWidget(m_status, 1);
    layout->addLayout(row);
    m_progress->setObjectName("quality.progress");
    m_progress->setRange(0, progressSteps);
    m_progress->setTextVisible(false);
    layout->addWidget(m_progress);

    auto* content = new QWidget(this);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    m_plot = new PlotView(theme, content);
    m_plot->setObjectName("quality.plot");
    m_plot->setAccessibleName(tr("Insertion and deletion"));
    m_plot->setFixedHeight(plotHeight);
    m_plot->hide();
    column->addWidget(m_plot);
    m_texts = new QVBoxLayout;
    m_texts->setSpacing(Theme::gap);
    column->addLayout(m_texts);
    column->addStretch(1);
    m_area = scrolled(content, this);
    layout->addWidget(m_area, 1);

    connect(m_start, &QPushButton::clicked, this, [this] {
        if (m_job == 0) {
            start();
        } else if (!std::exchange(m_finishing, true)) {
            m_session.jobs().queue().finish(m_job);
        } else {
            m_session.jobs().queue().cancel(m_job); // it does not finish soon enough for who presses again
        }
    });
    m_refresh.setInterval(refreshMs);
    connect(&m_refresh, &QTimer::timeout, this, [this] {
        if (const auto newest = m_feed ? m_feed->take() : std::nullopt)
            showOutcome(*newest);
    });
    m_costTimer.setSingleShot(true);
    m_costTimer.setInterval(costDelayMs);
    connect(&m_costTimer, &QTimer::timeout, this, &QualityDialog::askCost);
    showStatus(tr("Measured on up to 20 of the explained rows. What that takes is being estimated…"));
    setRunning(false);
    askCost();
}

QualityDialog::~QualityDialog()
{
    for (const std::uint64_t job : {m_job, m_costJob}) {
        if (job != 0)
            m_session.jobs().queue().cancel(job);
    }
}

QualityRequest QualityDialog::quality() const
{
    QualityRequest quality;
    for (const auto& [measure, box] : m_measures) {
        if (box->isChecked())
            quality.measures.push_back(measure);
    }
    quality.output = m_subject.output;
    quality.seed = m_subject.words ? m_subject.words->seed : m_subject.request.seed;
    return quality;
}

void QualityDialog::askCost()
{
    const std::uint64_t token = ++m_costToken;
    if (m_costJob != 0)
        m_session.jobs().queue().cancel(std::exchange(m_costJob, 0));
    const QualityRequest asked = quality();
    if (m_job != 0)
        return;
    if (asked.measures.empty()) {
        showStatus(tr("Choose what to measure."));
        return;
    }
    JobRunner::Options options;
    options.kind = "estimate";
    options.subject = m_subject.model;
    options.lane = JobQueue::Lane::Background;
    m_costJob = m_session.jobs().run(
        options, this,
        [subject = m_subject, asked](Task& task) {
            const std::shared_ptr<const LoadedModel> model = subject.load();
            return subject.words ? estimateTextQualityCost(*model->predictor, subject.data->table(), *subject.words, asked, task)
                                 : estimateQualityCost(*model->predictor, subject.data->table(), model->trainingRows, subject.request, asked, task);
        },
        [this, token](const ExplainCost& cost) {
            if (token == m_costToken && m_job == 0)
                showStatus(tr("On up to 20 of the explained rows: %1, estimated.").arg(durationText(cost.seconds)));
        },
        [this, token](const std::exception_ptr& failed) {
            if (token == m_costToken && m_job == 0)
                showStatus(sentenceOf(failed));
        });
}

void QualityDialog::setRunning(bool running)
{
    bool any = false;
    for (const auto& [measure, box] : m_measures) {
        box->setEnabled(!running);
        any = any || box->isChecked();
    }
    m_progress->setVisible(running);
    m_start->setText(running ? tr("Stop") : tr("Measure"));
    m_start->setEnabled(running || any);
}

void QualityDialog::showStatus(const QString& sentence) { m_status->setText(sentence); }

void QualityDialog::start()
{
    if (m_job != 0)
        return;
    ++m_costToken; // its answer would hide what is found
    m_feed = std::make_shared<Feed>();
    m_finishing = false;
    JobRunner::Options options;
    options.kind = "quality";
    options.subject = m_subject.model;
    options.lane = JobQueue::Lane::Background;
    options.cores = asManyAsThereAre;
    options.canFinish = true;
    options.tellCancelled = true;
    const std::uint64_t token = ++m_token;
    m_job = m_session.jobs().run(
        options, this,
        [subject = m_subject, quality = quality(), feed = m_feed](Task& task) {
            const std::shared_ptr<const LoadedModel> model = subject.load();
            if (subject.words)
                return qualityOfTexts(*model->predictor, subject.data->table(), *subject.words, quality, [feed](const QualityOutcome& part) { feed->put(part); }, task);
            return qualityOf(*model->predictor, subject.data->table(), model->trainingRows, subject.request, quality,
                             [feed](const QualityOutcome& part) { feed->put(part); }, task);
        },
        [this, token](const QualityOutcome& outcome) {
            if (token != m_token)
                return;
            m_job = 0;
            m_refresh.stop();
            m_feed.reset();
            showOutcome(outcome);
            setRunning(false);
        },
        [this, token](const std::exception_ptr& failed) {
            if (token != m_token)
                return;
            m_job = 0;
            m_refresh.stop();
            if (const auto newest = m_feed->take())
                showOutcome(*newest);
            m_feed.reset();
            const QString sentence = sentenceOf(failed);
            showStatus(sentence.isEmpty() ? tr("Stopped. What was measured until then is shown.") : sentence);
            setRunning(false);
        });
    m_refresh.start();
    m_progress->setValue(0);
    showStatus(tr("Measuring… Figures grow surer as more rows and draws come in."));
    setRunning(true);
}

void QualityDialog::showOutcome(const QualityOutcome& outcome)
{
    while (QLayoutItem* item = m_texts->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const QualityText& text : qualityTexts(outcome.toJson()))
        m_texts->addWidget(textWidget(text, m_area->widget()));
    m_plot->setVisible(outcome.reveal.has_value());
    if (outcome.reveal) {
        const RevealQuality& found = *outcome.reveal;
        m_plot->setPlot(makeCurves({{tr("insertion"), curve(found.shares, found.insertion)}, {tr("deletion"), curve(found.shares, found.deletion)},
                                    {tr("random insertion"), curve(found.shares, found.random)}},
                                   m_subject.words ? tr("Words added or taken out, %") : tr("Columns added or taken out, %"), m_subject.words ? tr("Output, less that without words") : tr("Output, less that of the background")));
    }
    m_progress->setValue(static_cast<int>(outcome.done * progressSteps));
    const QString what = tr("%1 rows, for “%2”, %3").arg(countText(static_cast<qint64>(outcome.rows.size())), QString::fromStdString(outcome.output), durationText(outcome.seconds));
    if (m_job == 0)
        showStatus(outcome.complete ? tr("Measured on %1.").arg(what) : tr("Stopped. What was measured until then is shown: %1.").arg(what));
    else
        showStatus(tr("Measuring on %1 so far…").arg(what));
}

} // namespace limpid
