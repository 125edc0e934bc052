#pragma once

#include "core/metrics/Interval.h"
#include "core/workbench/Workbench.h"

namespace limpid {

// Studies: k-fold cross-validation, repeats with other seeds, ensembles. Every part is a run of its own, with its own curves,
// state and best weights. beginStudy() records them all as Waiting; resumeRun() then carries out each: one after the other,
// several at once, or another day, as it also goes on with one that was killed. run:ID is the part's best weights.
// Folds and repeats give no model version. An ensemble gives one, from the member that finishes last, however it came to
// finish; a member that was stopped counts once it was resumed. Where a member that had finished is given more epochs, its
// end gives another version.

/// Of the request's study: the request of each part, which makes that run by itself. Folds: the same seeds, another fold of
/// the rows. Repeats and ensembles: the same rows, the training's seed + 0, + 1, …
/// Throws OptionInvalid where it is not at least two parts.
std::vector<TrainRequest> studyRequests(const TrainRequest& request);

/// Plans every part, then records them. Throws as planTraining(), the first error of a plan, NameInvalid.
std::vector<RunRecord> beginStudy(Workspace& workspace, const DataSet& data, const TrainRequest& request, Task& task);

/// What the runs of a study say together.
struct StudySummary {
    StudyPart study;                 ///< `part` 0
    std::vector<std::int64_t> runs;  ///< those that finished: what it is made of
    /// By validation metric, with the 95 % interval of its mean (meanInterval()). Folds share most of their training rows, so
    /// 1/(k − 1), their n_validation/n_train, is added to the variance. A metric that a run leaves undefined is not counted there.
    std::map<std::string, MeanInterval> validation;
};
/// `runs` of one study, at least one.
StudySummary summarise(std::span<const RunRecord> runs);

} // namespace limpid
