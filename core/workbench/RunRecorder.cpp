#include "core/workbench/RunRecorder.h"

#include <algorithm>

namespace limpid {

namespace {

constexpr double curveInterval = 0.25; // seconds
constexpr double checkpointInterval = 2.0;
constexpr double checkpointShare = 10.0; // of the time between two, at most a tenth is spent writing

Issue warning(const Error& error)
{
    return {Severity::Warning, {}, error.code(), error.facts()};
}

} // namespace

void RunRecorder::step(const StepRecord& record)
{
    m_pending["train/loss"].push_back({record.step, record.seconds, record.loss});
    flushWhenDue();
}

void RunRecorder::epoch(const EpochRecord& record)
{
    m_epochs = record.epoch;
    if (record.best) {
        m_bestEpoch = record.epoch;
        m_bestValidation = record.validation;
    }
    const auto add = [&](const std::string& name, double value) {
        m_pending["epoch/" + name].push_back({record.epoch, record.seconds, value});
    };
    add("train_loss", record.trainLoss);
    add("validation_loss", record.validationLoss);
    add("learning_rate", record.learningRate);
    for (const auto& [name, value] : record.validation.values)
        add(name, value);
    flushWhenDue();
}

void RunRecorder::best(const EpochRecord& record, const Weights& weights)
{
    m_pendingWeights = weights;
    m_pendingEpoch = record.epoch;
    flushWhenDue();
}

void RunRecorder::flushWhenDue()
{
    if (m_sinceCurves.seconds() >= curveInterval)
        flushCurves();
    if (m_pendingWeights && m_sinceCheckpoint.seconds() >= m_checkpointInterval)
        flushCheckpoint();
}

void RunRecorder::flushCurves()
{
    try {
        m_workspace.appendCurves(m_run, m_pending);
        for (auto& [series, points] : m_pending)
            points.clear();
        m_curveIssue.reset();
    } catch (const Error& error) {
        m_curveIssue = warning(error);
    }
    m_sinceCurves = Stopwatch();
}

void RunRecorder::flushCheckpoint()
{
    if (!m_pendingWeights)
        return;
    const Stopwatch writing;
    try {
        m_workspace.keepCheckpoint(m_run, m_pendingEpoch, *m_pendingWeights);
        m_pendingWeights.reset();
        m_checkpointIssue.reset();
    } catch (const Error& error) {
        m_checkpointIssue = warning(error);
    }
    m_checkpointInterval = std::max(checkpointInterval, checkpointShare * writing.seconds());
    m_sinceCheckpoint = Stopwatch();
}

Issues RunRecorder::issues() const
{
    Issues issues;
    for (const std::optional<Issue>& issue : {m_curveIssue, m_checkpointIssue})
        if (issue && std::find(issues.begin(), issues.end(), *issue) == issues.end())
            issues.push_back(*issue);
    return issues;
}

} // namespace limpid
