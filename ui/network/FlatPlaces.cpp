#include "ui/network/FlatPlaces.h"

#include <algorithm>

namespace limpid {

FlatPlaces::FlatPlaces(const FlatNetwork& flat, const std::vector<std::string>& path) : m_flat(&flat), m_known(path.empty())
{
    if (path.empty())
        return;
    const auto use = std::find_if(flat.uses.begin(), flat.uses.end(), [&](const auto& each) { return each.second.block == path.back(); });
    if (use != flat.uses.end()) {
        m_inside = &use->second;
        m_known = true;
    }
}

std::string FlatPlaces::givenBy(const NodeSpec& node) const
{
    if (!m_known)
        return {};
    if (m_inside && node.type == "BlockInput") {
        const nlohmann::json value = paramValue(findLayer(node.type)->params, node.params, "port");
        const std::int64_t port = value.is_number_integer() ? value.get<std::int64_t>() : -1;
        return port >= 0 && port < std::ssize(m_inside->inputs) ? m_inside->inputs[static_cast<std::size_t>(port)] : std::string();
    }
    const std::string id = m_inside ? m_inside->prefix + node.id : node.id;
    const auto use = m_flat->uses.find(id);
    return use == m_flat->uses.end() ? id : use->second.output;
}

std::vector<std::string> FlatPlaces::fedBy(const NodeSpec& node, std::size_t port) const
{
    if (!m_known)
        return {};
    const std::string id = m_inside ? m_inside->prefix + node.id : node.id;
    const auto use = m_flat->uses.find(id);
    if (use == m_flat->uses.end())
        return {id};
    std::vector<std::string> fed;
    if (port < use->second.inputs.size())
        for (const NodeSpec& flat : m_flat->nodes)
            if (flat.id.starts_with(id + ".") && std::find(flat.inputs.begin(), flat.inputs.end(), use->second.inputs[port]) != flat.inputs.end())
                fed.push_back(flat.id);
    return fed;
}

} // namespace limpid
