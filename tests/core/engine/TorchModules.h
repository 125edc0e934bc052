#pragma once

#include "core/model/NetworkSpec.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>

namespace limpid::test {

/// One layer as LibTorch has it. For TorchReference.cpp alone.
struct TorchModule {
    using Named = std::vector<std::pair<std::string, at::Tensor>>;
    std::function<at::Tensor(const std::vector<at::Tensor>&)> call;
    std::function<Named()> parameters = [] { return Named(); };
    std::function<Named()> buffers = [] { return Named(); };
    std::function<void(bool)> train = [](bool) {};
};

/// For inputs of those sizes; `words`: of the text, where indices flow in. Throws std::out_of_range for a layer that it does not know.
TorchModule makeTorchModule(const std::string& type, const ParamValues& params, const std::vector<at::Tensor>& inputs, bool words,
                            const NetworkContext& context, at::ScalarType dtype);

} // namespace limpid::test
