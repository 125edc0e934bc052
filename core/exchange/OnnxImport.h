#pragma once

#include "core/model/NetworkSpec.h"

#include <filesystem>
#include <iosfwd>

namespace limpid {

/// A network with what the file says of the data that it is for.
struct ImportedNetwork {
    NetworkSpec network;
    /// Widths of the inputs (the last one's, where several differ), the size of the vocabulary and the number of outputs.
    NetworkContext context;
};

/// The structure of a network in a .onnx file, without its weights and without places on the canvas. Operators become the catalogue's layers, names
/// become ids. The first dimension is the batch, whatever its size. An input of numbers becomes Input {features: "numbers"}, with a Reshape
/// where its shape is no row; one of integers, which an embedding must read, Input {features: "text"}. All other sizes must be fixed in
/// the file. Several inputs and outputs are allowed; in Limpid all inputs of numbers get the same ones.
///
/// Two uses of the same weights become one layer and one that shares its weights. Dropout and BatchNorm are there as far as the file has
/// them (PyTorch leaves Dropout out, and folds BatchNorm into Conv, unless it exports with training=TrainingMode.TRAINING).
///
/// Throws FileNotFound, FileIsFolder, FileUnreadable; NetworkImport for a file that is damaged or no ONNX;
/// NetworkImportNode, with node and operator, for what has no counterpart; NetworkTooLarge. Whatever the file holds, memory stays within
/// some 200 MB, most of it for a file of the most nodes that are allowed.
ImportedNetwork readOnnx(const std::filesystem::path& path);
/// The same from a stream that can seek; `path` stands in errors alone.
ImportedNetwork readOnnx(std::istream& stream, const std::string& path);

NetworkSpec importOnnx(const std::filesystem::path& path);

/// Whether the name ends as ONNX files do.
bool isOnnxFile(const std::filesystem::path& path);

} // namespace limpid
