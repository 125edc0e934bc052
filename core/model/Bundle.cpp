#include "core/model/Bundle.h"

#include "core/base/File.h"

#include <algorithm>
#include <system_error>

namespace limpid {

namespace {

constexpr int singleVersion = 1, ensembleVersion = 2;
constexpr std::size_t maxMembers = 1000;
const char* const modelName = "model.json";

/// Of a member's weights, from 1.
std::string weightsName(std::size_t member)
{
    return member == 1 ? "model.safetensors" : "model-" + std::to_string(member) + ".safetensors";
}

[[noreturn]] void invalid(const std::string& path, std::string reason, std::string detail = {})
{
    throw Error(ErrorCode::BundleInvalid, {{"path", path}, {"reason", std::move(reason)}}, std::move(detail));
}

const std::string& contentOf(const std::map<std::string, std::string>& files, const std::string& name, const std::string& path)
{
    const auto found = files.find(name);
    if (found == files.end())
        invalid(path, name);
    return found->second;
}

nlohmann::json parsed(const std::map<std::string, std::string>& files, const char* name, const std::string& path)
{
    nlohmann::json json = nlohmann::json::parse(contentOf(files, name, path), nullptr, false);
    if (json.is_discarded())
        invalid(path, name);
    return json;
}

std::string pretty(const nlohmann::json& json)
{
    return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

/// How many members model.json speaks of; 1 where it is of no ensemble, 0 where it is damaged.
std::size_t memberCount(const nlohmann::json& model)
{
    if (!model.is_object() || model.value("version", nlohmann::json()) != ensembleVersion)
        return 1;
    const nlohmann::json members = model.value("members", nlohmann::json());
    if (!members.is_number_unsigned() || members < 2 || members > maxMembers)
        return 0;
    return members.get<std::size_t>();
}

bool sameShapes(const Weights& a, const Weights& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const WeightTensor& left, const WeightTensor& right) {
        return left.name == right.name && left.shape == right.shape;
    });
}

} // namespace

std::string pipelineFile(const Pipeline& pipeline)
{
    return pretty(pipeline.toJson());
}

std::map<std::string, std::string> bundleFiles(const Bundle& bundle)
{
    const bool ensemble = !bundle.furtherMembers.empty();
    nlohmann::json model{{"format", "limpid-model"}, {"version", ensemble ? ensembleVersion : singleVersion}, {"about", bundle.about}};
    if (ensemble)
        model["members"] = bundle.furtherMembers.size() + 1;
    std::map<std::string, std::string> files{{modelName, pretty(model)},
                                             {pipelineFileName, pipelineFile(bundle.pipeline)},
                                             {networkFile, pretty(bundle.network.toJson())}};
    const auto add = [&](std::size_t member, const Weights& weights) {
        files[weightsName(member)] = writeSafetensors(weights, {{"format", "limpid-model"}});
    };
    add(1, bundle.weights);
    for (std::size_t i = 0; i < bundle.furtherMembers.size(); ++i)
        add(i + 2, bundle.furtherMembers[i]);
    return files;
}

NetworkSpec networkFromFiles(const std::map<std::string, std::string>& files, const std::string& path)
{
    try {
        return NetworkSpec::fromJson(parsed(files, networkFile, path));
    } catch (const Error& error) {
        invalid(path, networkFile, error.what());
    }
}

Pipeline pipelineFromFiles(const std::map<std::string, std::string>& files, const std::string& path)
{
    try {
        return Pipeline::fromJson(parsed(files, pipelineFileName, path));
    } catch (const Error& error) {
        invalid(path, pipelineFileName, error.what());
    }
}

Bundle bundleFromFiles(const std::map<std::string, std::string>& files, const std::string& path)
{
    const nlohmann::json model = parsed(files, modelName, path);
    if (!model.is_object() || model.value("format", nlohmann::json()) != "limpid-model")
        invalid(path, modelName);
    const nlohmann::json version = model.value("version", nlohmann::json());
    if (!version.is_number_integer() || version < 1)
        invalid(path, modelName);
    if (version > ensembleVersion)
        throw Error(ErrorCode::BundleNewer, {{"path", path}, {"version", version.dump()}});
    const std::size_t members = memberCount(model);
    if (members == 0)
        invalid(path, modelName);
    Bundle bundle;
    bundle.about = model.value("about", nlohmann::json::object());
    if (!bundle.about.is_object())
        invalid(path, modelName);
    bundle.pipeline = pipelineFromFiles(files, path);
    bundle.network = networkFromFiles(files, path);
    const NetworkAnalysis analysis = analyse(bundle.network, networkContext(bundle.pipeline));
    for (const Issue& issue : analysis.issues)
        if (issue.severity == Severity::Error)
            invalid(path, networkFile, std::string(errorName(issue.code)) + " " + issue.where);
    bundle.weights = readSafetensors(contentOf(files, weightsName(1), path), path);
    for (std::size_t member = 2; member <= members; ++member) {
        bundle.furtherMembers.push_back(readSafetensors(contentOf(files, weightsName(member), path), path));
        if (!sameShapes(bundle.furtherMembers.back(), bundle.weights))
            invalid(path, weightsName(member));
    }
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
    const auto take = [&](const std::string& name) {
        if (!std::filesystem::is_regular_file(folder / name, failed))
            invalid(utf8(folder), name);
        files[name] = readFile(folder / name);
    };
    for (const char* name : {modelName, pipelineFileName, networkFile})
        take(name);
    const std::size_t members = memberCount(nlohmann::json::parse(files[modelName], nullptr, false));
    for (std::size_t member = 1; member <= members; ++member)
        take(weightsName(member));
    return bundleFromFiles(files, utf8(folder));
}

} // namespace limpid
