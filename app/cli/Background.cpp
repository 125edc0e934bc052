#include "app/cli/Background.h"

#include "app/cli/DataOptions.h"

namespace limpid {

Background findBackground(const CliContext& context, const LoadedModel& model, const DataSet& explained)
{
    const Pipeline& pipeline = model.predictor->pipeline();
    return findBackground(pipeline, model.run ? &*model.run : nullptr, explained,
                          [&](const std::filesystem::path& path) { return readDataForModel(context, path, pipeline); });
}

} // namespace limpid
