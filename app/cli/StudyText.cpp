#include "app/cli/StudyText.h"

#include "app/cli/Output.h"
#include "ui/text/Messages.h"

namespace limpid {

QString partText(const StudyPart& part)
{
    return studyPartText(std::string(studyKindName(part.kind)), part.part, part.parts);
}

nlohmann::json studyPartJson(const std::optional<StudyPart>& part)
{
    if (!part)
        return {};
    return {{"id", part->study}, {"kind", studyKindName(part->kind)}, {"part", part->part}, {"parts", part->parts}};
}

nlohmann::json studyJson(const std::vector<RunRecord>& runs)
{
    const StudySummary summary = summarise(runs);
    nlohmann::json validation = nlohmann::json::object();
    for (const auto& [name, figure] : summary.validation)
        validation[name] = {{"mean", figure.mean}, {"deviation", figure.deviation}, {"low", figure.low}, {"high", figure.high}, {"count", figure.count}};
    return {{"id", summary.study.study},
            {"kind", studyKindName(summary.study.kind)},
            {"parts", summary.study.parts},
            {"finished", summary.runs},
            {"validation", validation}};
}

void printStudy(const std::vector<RunRecord>& runs)
{
    const StudySummary summary = summarise(runs);
    const StudyPart& study = summary.study;
    const QString words = study.kind == StudyKind::Folds ? QStringLiteral("%1-fold cross-validation")
        : study.kind == StudyKind::Ensemble              ? QStringLiteral("Ensemble of %1")
                                                         : QStringLiteral("%1 repeats");
    QString sentence = words.arg(study.parts) + QStringLiteral(" (study %1)").arg(study.study);
    const auto finished = int(summary.runs.size());
    if (finished < study.parts)
        sentence += QStringLiteral(": %1 of %2 runs have finished, and only these count here").arg(finished).arg(study.parts);
    printLine(sentence + u'.');
    if (finished == 0)
        return;
    std::vector<QStringList> rows;
    for (const auto& [name, figure] : summary.validation)
        rows.push_back({metricName(name), numberText(figure.mean),
                        figure.count > 1 ? QStringLiteral("%1 to %2").arg(numberText(figure.low), numberText(figure.high)) : QString(),
                        numberText(figure.deviation), QString::number(figure.count)});
    printTable({QStringLiteral("validation"), QStringLiteral("Mean"), QStringLiteral("95 % interval"), QStringLiteral("Deviation"), QStringLiteral("Runs")}, rows);
}

void printEnsemble(const ModelVersion& version)
{
    printLine(QStringLiteral("The ensemble is %1 version %2: the mean of its members' predictions.").arg(QString::fromStdString(version.model)).arg(version.version));
    printMetrics({{QStringLiteral("training"), numbersOf(version.metrics.value("train", nlohmann::json()))},
                  {QStringLiteral("validation"), numbersOf(version.metrics.value("validation", nlohmann::json()))}});
}

} // namespace limpid
