#include "core/model/Bundle.h"

#include "core/base/File.h"

#include <system_error>

namespace limpid {

namespace {

constexpr int bundleVersion = 1;
const char* const modelFile = "model.json";
const char* const pipelineFile = "pipeline.json";
const char* const networkFile = "network.json";
const char* const weightsFile = "model.safetensors";

[[noreturn]] void invalid(const std::string& path, std::string reason, std::string detail = {})
{
    throw Error(ErrorCode::BundleInvalid, {{"path", path}, {"reason", std::move(reason)}}, std::move(detail));
}

nlohmann::json parsed(const std::map<std::string, std::string>& files, const char* name, const std::string& path)
{
    const auto found = files.find(name);
    if (found == files.end())
        invalid(path, name);
    nlohmann::json json = nlohmann::json::parse(found->second, nullptr, false);
    if (json.is_discarded())
        invalid(path, name);
    return json;
}

std::string pretty(const nlohmann::json& json)
{
    return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

} // namespace

std::map<std::string, std::string> bundleFiles(const Bundle& bundle)
{
    const nlohmann::json model{{"format", "limpid-model"}, {"version", bundleVersion}, {"about", bundle.about}};
    return {{modelFile, pretty(model)},
            {pipelineFile, pretty(bundle.pipeline.toJson())},
            {networkFile, pretty(bundle.network.toJson())},
            {weightsFile, writeSafetensors(bundle.weights, {{"format", "limpid-model"}})}};
}

Bundle bundleFromFiles(const std::map<std::string, std::string>& files, const std::string& path)
{
    const nlohmann::json model = parsed(files, modelFile, path);
    if (!model.is_object() || model.value("format", nlohmann::json()) != "limpid-model")
        invalid(path, modelFile);
    const nlohmann::json version = model.value("version", nlohmann::json());
    if (!version.is_number_integer() || version < 1)
        invalid(path, modelFile);
    if (version > bundleVersion)
        throw Error(ErrorCode::BundleNewer, {{"path", path}, {"version", version.dump()}});
    Bundle bundle;
    bundle.about = model.value("about", nlohmann::json::object());
    if (!bundle.about.is_object())
        invalid(path, modelFile);
    try {
        bundle.pipeline = Pipeline::fromJson(parsed(files, pipelineFile, path));
    } catch (const Error& error) {
        invalid(path, pipelineFile, error.what());
    }
    try {
        bundle.network = NetworkSpec::fromJson(parsed(files, networkFile, path));
    } catch (const Error& error) {
        invalid(path, networkFile, error.what());
    }
    const NetworkAnalysis analysis = analyse(bundle.network, networkContext(bundle.pipeline));
    for (const Issue& issue : analysis.issues)
        if (issue.severity == Severity::Error)
            invalid(path, networkFile, std::string(errorName(issue.code)) + " " + issue.where);
    const auto weights = files.find(weightsFile);
    if (weights == files.end())
        invalid(path, weightsFile);
    bundle.weights = readSafetensors(weights->second, path);
    return bundle;
}

void writeBundle(const Bundle& bundle, const std::filesystem::path& folder)
{
    namespace fs = std::filesystem;
    std::error_code failed;
    if (fs::exists(folder, failed))
        throw Error(ErrorCode::FileUnwritable, {{"path", utf8(folder)}, {"reason", "exists"}});
    const fs::path whole = fs::absolute(folder, failed);
    fs::path part = whole.has_filename() ? whole : whole.parent_path();
    part += ".part";
    const auto clean = [&] {
        std::error_code ignored;
        fs::remove_all(part, ignored);
    };
    clean();
    if (!fs::create_directories(part, failed) && failed)
        throwWriteError(part, failed.value());
    try {
        for (const auto& [name, bytes] : bundleFiles(bundle))
            writeFileAtomically(part / name, bytes);
    } catch (...) {
        clean();
        throw;
    }
    fs::rename(part, folder, failed);
    if (failed) {
        clean();
        throwWriteError(folder, failed.value());
    }
}

Bundle readBundle(const std::filesystem::path& folder)
{
    std::error_code failed;
    if (!std::filesystem::exists(folder, failed))
        throw Error(ErrorCode::FileNotFound, {{"path", utf8(folder)}});
    std::map<std::string, std::string> files;
    for (const char* name : {modelFile, pipelineFile, networkFile, weightsFile}) {
        if (!std::filesystem::is_regular_file(folder / name, failed))
            invalid(utf8(folder), name);
        files[name] = readFile(folder / name);
    }
    return bundleFromFiles(files, utf8(folder));
}

} // namespace limpid
