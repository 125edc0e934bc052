#pragma once

#include "core/workbench/CounterfactualTable.h"
#include "core/workbench/EffectTable.h"
#include "core/workbench/ExplainTable.h"
#include "core/workbench/ExplainText.h"
#include "core/workbench/Workbench.h"

#include <memory>
#include <mutex>
#include <optional>
#include <variant>

namespace limpid {

/// A version made ready to be explained on the open table: its predictor and the rows it was trained on, if these are
/// the open file's. Shared among jobs; const members may be called from several threads.
struct LoadedModel {
    ModelVersion version;
    std::unique_ptr<Predictor> predictor;
    std::vector<std::size_t> trainingRows;    ///< empty: not known for this file
    std::vector<std::size_t> validationRows;  ///< likewise
};

/// Loads the version, to compute with up to so many threads, and finds its training rows. For a worker. Throws as Workspace::loadBundle and makePredictor do, and
/// ColumnMissing where the table lacks a column of the model.
std::shared_ptr<const LoadedModel> loadForExplaining(const Workspace& workspace, const ModelVersion& version, const DataSet& data, int threads);

/// Whether the table has the version's columns, with values that it can read, as far as the first rows tell. For a worker. A version that
/// can't be loaded suits none.
bool suits(const Workspace& workspace, const ModelVersion& version, const Table& table);

struct ImportanceRequest {
    int repeats = 5;
    std::uint64_t seed = 1;
};
struct ImportanceOutcome {
    ImportanceResult result;
    int repeats = 0;
    std::size_t rows = 0;
    bool unseen = false;     ///< these rows took no part in training
    double seconds = 0.0;
};

/// What the page asks, and what it gets.
using ExplainQuestion = std::variant<ExplainRequest, EffectRequest, ImportanceRequest, CounterfactualRequest, TextRequest>;
using ExplainFinding = std::variant<std::shared_ptr<const Explanation>, std::shared_ptr<const EffectOutcome>, std::shared_ptr<const ImportanceOutcome>,
                                    std::shared_ptr<const CounterfactualOutcome>, std::shared_ptr<const TextOutcome>>;

/// For a worker. Importance is taken of the validation rows, or where these are not known of all; effects and counterfactuals
/// look at training rows. `onRows` gets explanations of rows, and of their words, as they come. Throws as the use cases do.
ExplainFinding explain(const LoadedModel& model, const DataSet& data, const ExplainQuestion& question,
                       const std::function<void(ExplainFinding)>& onRows, Task& task);
ExplainCost explainCost(const LoadedModel& model, const DataSet& data, const ExplainQuestion& question, Task& task);

/// What a worker has explained so far, handed to the GUI thread's timer: only the newest is kept.
class ExplanationFeed
{
public:
    void put(ExplainFinding finding)
    {
        const std::lock_guard lock(m_mutex);
        m_newest = std::move(finding);
    }
    /// The newest since the last call, or none.
    std::optional<ExplainFinding> take()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_newest, std::nullopt);
    }

private:
    std::mutex m_mutex;
    std::optional<ExplainFinding> m_newest;
};

} // namespace limpid
