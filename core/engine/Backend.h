#pragma once

#include <string>
#include <vector>

namespace limpid {

/// What the arithmetic runs on, for `limpid doctor` and the device chip.
struct BackendInfo {
    std::string torchVersion;
    std::string blas;            ///< as LibTorch reports it, e.g. "OpenBLAS"
    bool fastBlas = false;       ///< false: the reference BLAS, some fifty times slower
    int threads = 1;             ///< that the machine offers
    std::vector<std::string> devices; ///< "CPU", "CUDA 0: …"
};
BackendInfo backendInfo();

} // namespace limpid
