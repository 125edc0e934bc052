#include "ui/train/RateFinderCard.h"

#include "core/workbench/Workbench.h"
#include "ui/charts/LineChart.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"
#include "ui/text/ParamTexts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSpinBox>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>

namespace limpid {

namespace {

const ParamSpec& param(const std::string& name)
{
    const std::vector<ParamSpec>& all = rateFinderParams();
    return *std::find_if(all.begin(), all.end(), [&](const ParamSpec& spec) { return spec.name == name; });
}

/// Two digits are all that the search can tell.
double rounded(double rate)
{
    return QString::number(rate, 'g', 2).toDouble();
}

QString rateText(double rate)
{
    return QLocale::c().toString(rate, 'g', 2);
}

QLabel* fieldLabel(const char* name, QWidget* field)
{
    auto* label = new QLabel(paramLabel("rate finder", name), field->parentWidget());
    label->setProperty("role", "dim");
    label->setBuddy(field);
    field->setAccessibleName(label->text());
    field->setToolTip(paramHelp("rate finder", name));
    label->setToolTip(field->toolTip());
    return label;
}

} // namespace

RateFinderCard::RateFinderCard(Session& session, const Theme& theme, QWidget* parent)
    : QDialog(parent), m_session(session), m_chart(new LineChart(theme, tr("log₁₀ of the learning rate"), tr("Loss"), this)),
      m_sentence(new QLabel(this)), m_steps(new QSpinBox(this)), m_use(new QPushButton(this)), m_again(new QPushButton(this))
{
    setObjectName("rateFinder");
    setWindowTitle(tr("Find a learning rate"));
    resize(620, 440);
    m_chart->setObjectName("rateFinderChart");
    m_chart->addLine(tr("raw"), LineChart::Role::Train, true);
    m_chart->addLine(tr("smoothed"), LineChart::Role::Train);
    m_sentence->setObjectName("rateFinderSentence");
    m_sentence->setWordWrap(true);
    m_start = addRateField("start", m_finder.start);
    m_end = addRateField("end", m_finder.end);
    m_steps->setObjectName("rateFinder.steps");
    m_steps->setRange(static_cast<int>(param("steps").min), static_cast<int>(param("steps").max));
    m_steps->setGroupSeparatorShown(true);
    m_steps->setValue(m_finder.steps);
    m_use->setObjectName("rateFinderUse");
    m_use->setProperty("role", "primary");
    m_again->setObjectName("rateFinderAgain");
    m_again->setAutoDefault(false);

    auto* fields = new QHBoxLayout;
    for (const auto& [name, field] : {std::pair<const char*, QWidget*>("start", m_start), {"end", m_end}, {"steps", m_steps}}) {
        fields->addWidget(fieldLabel(name, field));
        fields->addWidget(field);
    }
    fields->addStretch(1);
    auto* buttons = new QHBoxLayout;
    auto* close = new QPushButton(tr("Close"), this);
    close->setAutoDefault(false);
    buttons->addWidget(m_use);
    buttons->addWidget(m_again);
    buttons->addStretch(1);
    buttons->addWidget(close);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_chart, 1);
    layout->addWidget(m_sentence);
    layout->addLayout(fields);
    layout->addLayout(buttons);

    connect(m_use, &QPushButton::clicked, this, &RateFinderCard::use);
    connect(m_again, &QPushButton::clicked, this, [this] {
        if (m_job != 0)
            m_session.jobs().queue().finish(m_job);
        else
            search();
    });
    connect(close, &QPushButton::clicked, this, &QDialog::close);
    connect(&m_session, &Session::requestChanged, this, &RateFinderCard::showUse);
    searching(false);
}

RateFinderCard::~RateFinderCard()
{
    if (m_job != 0)
        m_session.jobs().queue().cancel(m_job);
}

QLineEdit* RateFinderCard::addRateField(const char* name, double value)
{
    auto* field = new QLineEdit(QLocale::c().toString(value, 'g', 6), this);
    field->setObjectName(QStringLiteral("rateFinder.") + QLatin1String(name));
    field->setFixedWidth(84);
    return field;
}

bool RateFinderCard::readFields()
{
    bool fits = true;
    const auto read = [&](const char* name, QLineEdit* field, double& value) {
        bool fitsHere = true;
        try {
            value = parseParam(param(name), field->text().trimmed().toStdString()).get<double>();
        } catch (const Error& error) {
            fitsHere = fits = false;
            showFailure(message(error));
        }
        field->setProperty("invalid", !fitsHere);
        field->style()->unpolish(field);
        field->style()->polish(field);
    };
    read("start", m_start, m_finder.start);
    read("end", m_end, m_finder.end);
    m_finder.steps = m_steps->value();
    return fits;
}

void RateFinderCard::search()
{
    if (m_job != 0 || !readFields())
        return;
    const std::shared_ptr<const DataSet> data = m_session.data();
    if (!data)
        return showFailure(tr("There is no data to train on. Open a file first."));
    const std::uint64_t token = ++m_token;
    const TrainRequest request = m_session.request();
    JobRunner::Options options;
    options.kind = "rate";
    options.subject = request.name.empty() ? data->path.stem().string() : request.name;
    options.canFinish = true;
    options.tellCancelled = true;
    options.cores = {1, request.train.threads};
    searching(true);
    m_job = m_session.jobs().run(
        options, this,
        [data, request, finder = m_finder](Task& task) { return findLearningRate(*data, request, finder, {}, task); },
        [this, token](const RateFinderResult& result) {
            if (token == m_token) {
                m_job = 0;
                showResult(result);
            }
        },
        [this, token](const std::exception_ptr& failure) {
            if (token == m_token) {
                m_job = 0;
                showFailure(sentenceOf(failure));
            }
        });
}

void RateFinderCard::showResult(const RateFinderResult& result)
{
    std::vector<QPointF> raw, smoothed;
    for (const RatePoint& point : result.points) {
        raw.emplace_back(std::log10(point.rate), point.loss);
        smoothed.emplace_back(std::log10(point.rate), point.smoothed);
    }
    m_chart->setPoints(0, std::move(raw));
    m_chart->setPoints(1, std::move(smoothed));
    m_suggested = result.suggested ? rounded(*result.suggested) : 0.0;
    m_chart->setBest(result.suggested ? std::log10(m_suggested) : std::numeric_limits<double>::quiet_NaN(), tr("suggested"));
    m_chart->fit();
    if (!result.suggested)
        m_sentence->setText(tr("The loss never fell, so there is no rate to suggest. Try a larger network or other settings."));
    else if (result.steepest)
        m_sentence->setText(tr("Suggested is %1, a tenth of the rate at which the smoothed loss was lowest. It fell fastest at %2.")
                                .arg(rateText(m_suggested), rateText(*result.steepest)));
    else
        m_sentence->setText(tr("Suggested is %1, a tenth of the rate at which the smoothed loss was lowest.").arg(rateText(m_suggested)));
    searching(false);
}

void RateFinderCard::showFailure(const QString& sentence)
{
    m_suggested = 0.0;
    m_sentence->setText(sentence.isEmpty() ? tr("The search was given up.") : sentence);
    searching(false);
}

void RateFinderCard::searching(bool on)
{
    m_again->setText(on ? tr("Stop") : tr("Try again"));
    for (QWidget* field : {static_cast<QWidget*>(m_start), static_cast<QWidget*>(m_end), static_cast<QWidget*>(m_steps)})
        field->setEnabled(!on);
    if (on) {
        m_suggested = 0.0;
        m_sentence->setText(tr("Trying growing learning rates, a step of training each. Nothing of it is kept."));
    }
    showUse();
}

void RateFinderCard::showUse()
{
    m_use->setVisible(m_suggested > 0.0);
    const bool inUse = m_session.request().train.learningRate == m_suggested;
    m_use->setEnabled(!inUse);
    m_use->setText(inUse ? tr("%1 is in use").arg(rateText(m_suggested)) : tr("Use %1").arg(rateText(m_suggested)));
}

void RateFinderCard::use()
{
    TrainRequest request = m_session.request();
    request.train.learningRate = m_suggested;
    m_session.setRequest(request, paramLabel("train", "learning_rate"));
}

} // namespace limpid
