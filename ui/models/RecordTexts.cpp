#include "ui/models/RecordTexts.h"

#include "core/workbench/RunResources.h"
#include "ui/text/Messages.h"
#include "ui/text/ParamTexts.h"
#include "ui/text/ResourceTexts.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFileInfo>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <limits>

namespace limpid {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("RecordTexts", text);
}

constexpr double none = std::numeric_limits<double>::quiet_NaN();

double number(const nlohmann::json& object, const std::string& name)
{
    if (!object.is_object())
        return none;
    const auto found = object.find(name);
    return found != object.end() && found->is_number() ? found->get<double>() : none;
}

nlohmann::json member(const nlohmann::json& object, const char* name)
{
    return object.is_object() && object.contains(name) ? object.at(name) : nlohmann::json();
}

QString text(const nlohmann::json& object, const char* name)
{
    const nlohmann::json value = member(object, name);
    return value.is_string() ? QString::fromStdString(value.get<std::string>()) : QString();
}

/// The figures a person looks at first, in this order.
int rank(const std::string& metric)
{
    static const std::vector<std::string> order{"roc_auc",  "accuracy", "r2",  "macro_roc_auc",   "f1",           "macro_f1",
                                                "subset_accuracy", "rmse",     "mae", "mean_poisson_deviance", "hamming_loss", "log_loss"};
    return static_cast<int>(std::find(order.begin(), order.end(), metric) - order.begin());
}

} // namespace

std::vector<MetricRow> metricRows(const nlohmann::json& metrics)
{
    const nlohmann::json train = member(metrics, "train"), validation = member(metrics, "validation");
    std::vector<MetricRow> rows;
    const nlohmann::json& names = validation.is_object() ? validation : train;
    if (names.is_object())
        for (const auto& [name, value] : names.items())
            rows.push_back({name, number(train, name), number(validation, name)});
    std::stable_sort(rows.begin(), rows.end(), [](const MetricRow& a, const MetricRow& b) { return rank(a.name) < rank(b.name); });
    return rows;
}

QString mainMetricText(const nlohmann::json& metrics)
{
    const std::vector<MetricRow> rows = metricRows(metrics);
    if (rows.empty() || std::isnan(rows.front().validation))
        return {};
    return numberText(rows.front().validation) + " " + metricName(rows.front().name);
}

double mainMetricValue(const nlohmann::json& metrics)
{
    const std::vector<MetricRow> rows = metricRows(metrics);
    return rows.empty() ? none : rows.front().validation;
}

QString runStatusText(RunStatus status)
{
    switch (status) {
    case RunStatus::Running:
        return tr("Running");
    case RunStatus::Finished:
        return tr("Finished");
    case RunStatus::Stopped:
        return tr("Stopped");
    case RunStatus::Failed:
        return tr("Failed");
    case RunStatus::Interrupted:
        return tr("Interrupted");
    case RunStatus::Waiting:
        return tr("Waiting");
    }
    return {};
}

QString runStatusHelp(const RunRecord& run)
{
    switch (run.status) {
    case RunStatus::Running:
        return tr("It is training now.");
    case RunStatus::Finished:
        return tr("It came to its end.");
    case RunStatus::Stopped:
        return tr("It was stopped; what it had reached is kept.");
    case RunStatus::Failed:
        for (const ErrorCode code : allErrorCodes())
            if (errorName(code) == run.failure)
                return message(code, {});
        return tr("It failed.");
    case RunStatus::Interrupted:
        return tr("Limpid or the machine went down while it trained. Its curves and best weights up to then are kept.");
    case RunStatus::Waiting:
        return tr("It belongs to a study and has not begun. Resume begins it.");
    }
    return {};
}

QString dateText(std::int64_t ms)
{
    return ms == 0 ? QString("–") : QLocale().toString(QDateTime::fromMSecsSinceEpoch(ms), QLocale::ShortFormat);
}

QString durationOf(const RunRecord& run)
{
    return run.seconds > 0.0 ? durationText(run.seconds) : QString("–");
}

std::vector<Setting> runSettings(const RunRecord& run)
{
    std::vector<Setting> settings;
    const auto add = [&](const QString& label, const QString& value) {
        if (!value.isEmpty())
            settings.emplace_back(label, value);
    };
    const auto count = [](double value) { return std::isnan(value) ? QString() : countText(static_cast<qint64>(value)); };
    const auto figure = [](double value) { return std::isnan(value) ? QString() : numberText(value); };

    add(tr("Data"), QFileInfo(text(run.data, "path")).fileName());
    add(tr("Rows"), count(number(run.data, "rows")));
    add(tr("Data hash"), text(run.data, "sha256").left(12));
    const nlohmann::json targets = member(run.pipeline, "targets");
    QStringList names;
    for (const nlohmann::json& name : targets)
        if (name.is_string())
            names << QString::fromStdString(name.get<std::string>());
    add(tr("Target"), names.isEmpty() ? text(run.pipeline, "target") : names.join(QStringLiteral(", ")));
    if (run.study)
        add(tr("Study"), tr("%1 of study %2").arg(studyPartText(std::string(studyKindName(run.study->kind)), run.study->part, run.study->parts)).arg(run.study->study));
    if (const double folds = number(run.split, "folds"); !std::isnan(folds)) {
        add(tr("Split"), tr("fold %1 of %2 held out").arg(figure(number(run.split, "fold")), figure(folds)));
    } else if (const double share = number(run.split, "validation"); !std::isnan(share)) {
        const nlohmann::json stratified = member(run.split, "stratified");
        const QString held = tr("%1 % held out").arg(numberText(100.0 * share));
        add(tr("Split"), stratified.is_boolean() && stratified.get<bool>() ? tr("%1, by class").arg(held) : held);
    }
    add(tr("Split seed"), figure(number(run.split, "seed")));
    if (run.epochs > 0)
        add(tr("Epochs"), run.bestEpoch > 0 ? tr("%1, best %2").arg(run.epochs).arg(run.bestEpoch) : QString::number(run.epochs));
    add(paramLabel("train", "optimizer"), text(run.settings, "optimizer"));
    add(paramLabel("train", "learning_rate"), figure(number(run.settings, "learning_rate")));
    if (const double batch = number(run.settings, "batch_size"); !std::isnan(batch))
        add(paramLabel("train", "batch_size"), batch > 0 ? figure(batch) : tr("automatic"));
    add(paramLabel("train", "schedule"), text(run.settings, "schedule"));
    add(tr("Seed"), figure(number(run.settings, "seed")));
    add(tr("Threads"), figure(number(run.settings, "threads")));
    add(tr("Time"), run.seconds > 0.0 ? durationOf(run) : QString());
    if (!run.resources.is_null())
        add(tr("Used"), useText(resourceUseFromJson(run.resources)));
    const QString limpidVersion = text(run.build, "limpid"), torch = text(run.build, "torch");
    add(tr("Build"), limpidVersion.isEmpty() ? QString() : tr("Limpid %1, LibTorch %2").arg(limpidVersion, torch));
    return settings;
}

} // namespace limpid
