#pragma once

#include "core/model/NetworkSpec.h"

#include <string>
#include <vector>

namespace limpid {

/// Linear and ReLU in turn, of these widths, on numbers: {30, 64, 64, 2}.
inline NetworkSpec dense(const std::vector<int>& widths)
{
    NetworkSpec spec;
    const auto add = [&](const std::string& id, const std::string& type, nlohmann::json params) {
        NodeSpec node;
        node.id = id;
        node.type = type;
        if (!spec.nodes.empty())
            node.inputs = {spec.nodes.back().id};
        node.params = std::move(params);
        spec.nodes.push_back(std::move(node));
    };
    add("in", "Input", {{"features", "numbers"}});
    for (std::size_t i = 1; i < widths.size(); ++i) {
        add("linear" + std::to_string(i), "Linear", {{"out_features", widths[i]}});
        if (i + 1 < widths.size())
            add("relu" + std::to_string(i), "ReLU", nlohmann::json::object());
    }
    spec.outputs = {spec.nodes.back().id};
    return spec;
}

} // namespace limpid
