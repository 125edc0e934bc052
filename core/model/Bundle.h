#pragma once

#include "core/data/Pipeline.h"
#include "core/model/NetworkSpec.h"
#include "core/model/Weights.h"

#include <filesystem>
#include <map>

namespace limpid {

/// A model, whole: what is stored, exported and predicted with.
struct Bundle {
    Pipeline pipeline;
    NetworkSpec network;
    Weights weights;
    nlohmann::json about = nlohmann::json::object(); ///< name, version, created, Limpid's version, metrics, data hash
    /// Of an ensemble, whose prediction is the mean of its members': weights of the second member and on, for the same network.
    std::vector<Weights> furtherMembers = {};
};

/// The files of a bundle by name: model.json (format "limpid-model", version 1), pipeline.json, network.json,
/// model.safetensors. An ensemble is of version 2, so that no older Limpid takes it for its first member: model.json has
/// "members", their number, and model-2.safetensors, model-3.safetensors, … are there. Equal bundles give equal bytes.
std::map<std::string, std::string> bundleFiles(const Bundle& bundle);
/// The one of them that holds the pipeline.
std::string pipelineFile(const Pipeline& pipeline);
/// Throws BundleInvalid, BundleNewer. `path` names the source in errors.
Bundle bundleFromFiles(const std::map<std::string, std::string>& files, const std::string& path);
/// The network alone; no other file than the one of that name is needed.
NetworkSpec networkFromFiles(const std::map<std::string, std::string>& files, const std::string& path);
inline constexpr const char* networkFile = "network.json";
/// The pipeline alone, likewise.
Pipeline pipelineFromFiles(const std::map<std::string, std::string>& files, const std::string& path);
inline constexpr const char* pipelineFileName = "pipeline.json";

/// A bundle as a folder. Throws FileUnwritable, DiskFull. The folder appears whole or not at all.
void writeBundle(const Bundle& bundle, const std::filesystem::path& folder);
Bundle readBundle(const std::filesystem::path& folder);

} // namespace limpid
