#include "ui/network/NetworkClipboard.h"

#include "ui/network/NodePorts.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

namespace limpid::edits {

namespace {

/// More than any network that a person draws; a clipboard may hold anything.
constexpr std::size_t mostBytes = 64u << 20;
constexpr double farthest = 1e6; // pixels from the origin

/// "hidden1" → "hidden", so that a copy becomes "hidden2" and not "hidden12".
std::string stemOf(std::string id)
{
    while (id.size() > 1 && std::isdigit(static_cast<unsigned char>(id.back())))
        id.pop_back();
    return id;
}

Point cornerOf(const NetworkSpec& network)
{
    Point corner{farthest, farthest};
    for (const CommentSpec& comment : network.comments)
        corner = {std::min(corner.x, comment.x), std::min(corner.y, comment.y)};
    for (const NodeSpec& node : network.nodes)
        corner = {std::min(corner.x, node.x), std::min(corner.y, node.y)};
    return corner;
}

/// Moves all that is pasted until it covers nobody who stands exactly alike: pastes on pastes stay visible.
void stepAside(const NetworkSpec& network, NetworkSpec& pasted)
{
    std::set<std::pair<double, double>> taken;
    for (const NodeSpec& node : network.nodes)
        taken.emplace(node.x, node.y);
    while (std::any_of(pasted.nodes.begin(), pasted.nodes.end(), [&](const NodeSpec& node) { return taken.contains({node.x, node.y}); }))
        for (NodeSpec& node : pasted.nodes) {
            node.x += 24.0;
            node.y += 24.0;
        }
}

/// The blocks that a graph uses, and those that they use.
void addBlocks(const NetworkSpec& network, const GraphSpec& graph, NetworkSpec& part)
{
    for (const NodeSpec& node : std::vector<NodeSpec>(graph.nodes))
        if (const BlockSpec* block = network.findBlock(blockOf(node)); block && !part.findBlock(block->name)) {
            part.blocks.push_back(*block);
            addBlocks(network, block->body, part);
        }
}

/// Takes the pasted blocks over, under free names where theirs mean something else here.
void takeBlocks(NetworkSpec& network, NetworkSpec& pasted)
{
    std::map<std::string, std::string> names;
    for (const BlockSpec& block : pasted.blocks) {
        std::string name = block.name;
        for (int number = 2; network.findBlock(name) && network.findBlock(name)->body != block.body; ++number)
            name = block.name + std::to_string(number);
        names.emplace(block.name, name);
    }
    const auto renameUses = [&](GraphSpec& graph) {
        for (NodeSpec& node : graph.nodes)
            if (const auto found = names.find(blockOf(node)); found != names.end())
                node.params["block"] = found->second;
    };
    renameUses(pasted);
    for (BlockSpec& block : pasted.blocks) {
        renameUses(block.body);
        block.name = names.at(block.name);
        if (!network.findBlock(block.name))
            network.blocks.push_back(block);
    }
}

} // namespace

std::string copied(const NetworkSpec& network, const std::vector<std::string>& ids, const std::vector<std::size_t>& comments)
{
    const std::set<std::string_view> wanted(ids.begin(), ids.end());
    NetworkSpec part;
    for (const NodeSpec& node : network.nodes)
        if (wanted.contains(node.id)) {
            part.nodes.push_back(node);
            std::erase_if(part.nodes.back().inputs, [&](const std::string& input) { return !wanted.contains(input); });
        }
    for (NodeSpec& node : part.nodes)
        if (!wanted.contains(node.shares))
            node.shares.clear();
    for (const std::size_t index : comments)
        if (index < network.comments.size())
            part.comments.push_back(network.comments[index]);
    addBlocks(network, part, part);
    return part.nodes.empty() && part.comments.empty() ? std::string() : part.toJson().dump(2);
}

bool looksCopied(std::string_view text)
{
    return text.size() <= mostBytes && text.substr(0, 4096).find('{') != std::string_view::npos && text.find("limpid-network") != std::string_view::npos;
}

std::vector<std::string> paste(NetworkSpec& network, std::string_view text, std::optional<Point> at)
{
    if (text.size() > mostBytes)
        throw Error(ErrorCode::NetworkFormat, {{"reason", "size"}});
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    NetworkSpec pasted = NetworkSpec::fromJson(json);
    if (pasted.nodes.empty() && pasted.comments.empty())
        return {};

    const Point corner = cornerOf(pasted);
    const Point shift = at ? Point{at->x - corner.x, at->y - corner.y} : Point{24.0, 24.0};
    for (NodeSpec& node : pasted.nodes) {
        node.x = std::clamp(std::round((node.x + shift.x) / 2.0) * 2.0, -farthest, farthest);
        node.y = std::clamp(std::round((node.y + shift.y) / 2.0) * 2.0, -farthest, farthest);
    }
    for (CommentSpec& comment : pasted.comments) {
        comment.x = std::clamp(comment.x + shift.x, -farthest, farthest);
        comment.y = std::clamp(comment.y + shift.y, -farthest, farthest);
        network.comments.push_back(comment);
    }
    stepAside(network, pasted);
    takeBlocks(network, pasted);

    std::set<std::string, std::less<>> taken;
    for (const NodeSpec& node : network.nodes)
        taken.insert(node.id);
    std::map<std::string, int> numbers;       // the next to try, by stem
    std::map<std::string, std::string> names; // as copied → as pasted
    for (NodeSpec& node : pasted.nodes) {
        std::string id = node.id;
        const std::string stem = stemOf(node.id);
        for (int& number = numbers.emplace(stem, 2).first->second; taken.contains(id); ++number)
            id = stem + std::to_string(number);
        taken.insert(id);
        names.emplace(node.id, id);
        node.id = id;
    }
    std::vector<std::string> ids;
    for (NodeSpec& node : pasted.nodes) {
        std::vector<std::string> inputs;
        for (const std::string& input : node.inputs)
            if (const auto found = names.find(input); found != names.end())
                inputs.push_back(found->second);
        node.inputs = std::move(inputs);
        if (const auto shared = names.find(node.shares); shared != names.end())
            node.shares = shared->second;
        else
            node.shares.clear();
        ids.push_back(node.id);
        network.nodes.push_back(std::move(node));
    }
    return ids;
}

} // namespace limpid::edits
