#include "app/cli/Training.h"

#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"
#include "app/cli/ProgressLine.h"
#include "app/cli/StudyText.h"
#include "core/jobs/ResourceMeter.h"
#include "core/workbench/RunResources.h"
#include "ui/text/Messages.h"
#include "ui/text/ResourceTexts.h"

#include <algorithm>

namespace limpid {

namespace {

/// What the line shows of a run: figures of the last epoch and the rate of steps.
class TrainingFigures
{
public:
    TrainingFigures(ProgressLine& line, int epochs) : m_line(line), m_epochs(epochs) {}

    void onStep(const StepRecord& step)
    {
        if (step.seconds - m_lastSeconds < 0.1)
            return;
        m_lastSeconds = step.seconds;
        m_rate = double(step.step) / std::max(step.seconds, 1e-9);
        m_epoch = step.epoch;
        if (m_loss.isEmpty())
            m_loss = QStringLiteral("loss %1").arg(numberText(step.loss));
        show();
    }
    void onEpoch(const EpochRecord& epoch)
    {
        m_epoch = epoch.epoch;
        m_loss = QStringLiteral("loss %1  validation %2").arg(numberText(epoch.trainLoss), numberText(epoch.validationLoss));
        for (const char* name : {"roc_auc", "accuracy", "r2", "macro_roc_auc"}) {
            const auto found = epoch.validation.values.find(name);
            if (found != epoch.validation.values.end()) {
                m_loss += QStringLiteral("  %1 %2").arg(metricName(name), numberText(found->second));
                break;
            }
        }
        show();
    }

private:
    void show()
    {
        m_line.setFigures(QStringLiteral("epoch %1/%2  %3  %4 steps/s").arg(m_epoch).arg(m_epochs).arg(m_loss, countText(qint64(m_rate))));
    }

    ProgressLine& m_line;
    int m_epochs;
    int m_epoch = 1;
    double m_lastSeconds = -1.0;
    double m_rate = 0.0;
    QString m_loss;
};

const char* endName(TrainEnd end)
{
    switch (end) {
    case TrainEnd::Completed:
        return "completed";
    case TrainEnd::EarlyStopped:
        return "early-stopped";
    case TrainEnd::StoppedByUser:
        break;
    }
    return "stopped-by-user";
}

} // namespace

namespace {

template<class Work>
TrainOutcome withProgress(const CliContext& context, const QString& what, int epochsInAll, std::vector<EpochRecord>* epochs, Work&& work)
{
    ProgressLine line(context, what);
    TrainingFigures figures(line, epochsInAll);
    TrainObserver observer;
    observer.onStep = [&figures](const StepRecord& step) { figures.onStep(step); };
    observer.onEpoch = [&figures, epochs](const EpochRecord& epoch) {
        figures.onEpoch(epoch);
        if (epochs)
            epochs->push_back(epoch);
    };
    // Which epoch it is stands among the figures, so the stage isn't repeated.
    Task task([&line](const Task::Progress& progress) { line.update(progress.fraction, {}); });
    const Interrupt interrupt(task, Interrupt::First::Keep);
    ResourceMeter meter(std::make_shared<SystemMachine>());
    const MeteredWork metered(meter, task);
    return work(observer, task);
}

} // namespace

TrainOutcome trainWithProgress(const CliContext& context, Workspace& workspace, const DataSet& data, const TrainRequest& request,
                               std::vector<EpochRecord>* epochs)
{
    return withProgress(context, QStringLiteral("Training"), request.train.epochs, epochs, [&](const TrainObserver& observer, Task& task) {
        return trainModel(workspace, data, request, observer, {}, task);
    });
}

TrainOutcome resumeWithProgress(const CliContext& context, Workspace& workspace, const ResumeRequest& request, const QString& what)
{
    const int epochs = request.epochs > 0 ? request.epochs : workspace.run(request.run).settings.value("epochs", 0);
    return withProgress(context, what, epochs, nullptr, [&](const TrainObserver& observer, Task& task) {
        return resumeRun(workspace, request, observer, {}, task);
    });
}

nlohmann::json trainJson(const TrainOutcome& outcome)
{
    const bool any = outcome.version.version > 0; // a part of a study gives none
    return {{"run", outcome.run.id},
            {"study", studyPartJson(outcome.run.study)},
            {"model", any ? nlohmann::json(outcome.version.model) : nlohmann::json()},
            {"version", any ? nlohmann::json(outcome.version.version) : nlohmann::json()},
            {"status", runStatusName(outcome.run.status)},
            {"end", endName(outcome.result.end)},
            {"metrics", {{"train", metricsJson(outcome.result.train)}, {"validation", metricsJson(outcome.result.validation)}}},
            {"epochs", outcome.result.epochs},
            {"best_epoch", outcome.result.bestEpoch},
            {"seconds", outcome.result.seconds},
            {"rows", outcome.rows},
            {"parameters", outcome.parameters},
            {"resources", outcome.run.resources},
            {"warnings", issuesJson(outcome.issues)}};
}

void printTraining(const TrainOutcome& outcome)
{
    const TrainResult& result = outcome.result;
    QString sentence = outcome.run.study
        ? QStringLiteral("Trained %1, %2 (run %3)").arg(QString::fromStdString(outcome.run.name), partText(*outcome.run.study)).arg(outcome.run.id)
        : QStringLiteral("Trained %1, version %2 (run %3)").arg(QString::fromStdString(outcome.version.model)).arg(outcome.version.version).arg(outcome.run.id);
    sentence += QStringLiteral(": %1 parameters, %2 rows, %3 epochs in %4")
                    .arg(countText(outcome.parameters), countText(qint64(outcome.rows)))
                    .arg(result.epochs)
                    .arg(durationText(result.seconds));
    if (result.end == TrainEnd::EarlyStopped)
        sentence += QStringLiteral(", ended early as nothing got better");
    else if (result.end == TrainEnd::StoppedByUser)
        sentence += QStringLiteral(", stopped; what was reached is kept");
    if (result.bestEpoch > 0)
        sentence += QStringLiteral("; best in epoch %1").arg(result.bestEpoch);
    printLine(sentence + u'.');
    printLine();
    printMetrics({{QStringLiteral("training"), result.train.values}, {QStringLiteral("validation"), result.validation.values}});
    if (outcome.run.study && outcome.version.version > 0) {
        printLine();
        printEnsemble(outcome.version);
    }
    printLine();
    printLine(useText(resourceUseFromJson(outcome.run.resources)));
}

int tellTraining(const CliContext& context, const TrainOutcome& outcome)
{
    noteIssues(context, outcome.issues);
    if (context.json)
        printJson(trainJson(outcome));
    else
        printTraining(outcome);
    return Interrupt::happened() ? interruptedExitCode : 0;
}

} // namespace limpid
