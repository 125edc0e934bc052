#include "app/cli/NetworkFile.h"

#include "core/exchange/OnnxImport.h"

namespace limpid {

namespace fs = std::filesystem;

namespace {

FoundNetwork ofBundle(Bundle bundle)
{
    NetworkContext context = networkContext(bundle.pipeline);
    return {std::move(bundle.network), std::move(context)};
}

} // namespace

bool isNetworkFile(const std::string& text)
{
    std::error_code ignored;
    return fs::exists(text, ignored) || text.find_first_of("/\\") != std::string::npos || text.ends_with(".json") || isOnnxFile(text);
}

FoundNetwork findNetwork(const CliContext& context, const std::string& reference)
{
    std::error_code ignored;
    if (fs::exists(fs::path(reference) / "model.json", ignored))
        return ofBundle(readBundle(reference));
    if (isNetworkFile(reference))
        return readNetworkFile(reference);
    const std::unique_ptr<Workspace> workspace = context.findWorkspace();
    if (!workspace)
        throw Error(ErrorCode::ModelUnknown, {{"model", reference}});
    return ofBundle(workspace->loadBundle(workspace->resolve(reference)));
}

} // namespace limpid
