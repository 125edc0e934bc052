#pragma once

#include "core/workbench/Workbench.h"

#include <memory>
#include <mutex>

namespace limpid {

/// A version made ready to be explained on the open table: its predictor and the rows it was trained on, if these are
/// the open file's. Shared among jobs; const members may be called from several threads.
struct LoadedModel {
    ModelVersion version;
    std::unique_ptr<Predictor> predictor;
    std::vector<std::size_t> trainingRows;  ///< empty: not known for this file
};

/// Loads the version and finds its training rows. For a worker. Throws as Workspace::loadBundle and makePredictor do, and
/// ColumnMissing where the table lacks a column of the model.
std::shared_ptr<const LoadedModel> loadForExplaining(const Workspace& workspace, const ModelVersion& version, const DataSet& data);

/// What a worker has explained so far, handed to the GUI thread's timer: only the newest is kept.
class ExplanationFeed
{
public:
    void put(const Explanation& explanation)
    {
        auto copy = std::make_shared<const Explanation>(explanation);
        const std::lock_guard lock(m_mutex);
        m_newest = std::move(copy);
    }
    /// The newest since the last call, or null.
    std::shared_ptr<const Explanation> take()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_newest, nullptr);
    }

private:
    std::mutex m_mutex;
    std::shared_ptr<const Explanation> m_newest;
};

} // namespace limpid
