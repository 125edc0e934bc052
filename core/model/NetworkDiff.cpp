#include "core/model/NetworkDiff.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace limpid {

namespace {

using Names = std::unordered_map<std::string, std::string>;

/// The settings as they work, defaults included.
ParamValues settings(const NodeSpec& node)
{
    ParamValues values = node.params.is_object() ? node.params : ParamValues::object();
    if (const LayerType* const type = findLayer(node.type))
        for (const ParamSpec& spec : type->params)
            if (!values.contains(spec.name))
                values[spec.name] = spec.defaultValue;
    return values;
}

class GraphDiff
{
public:
    GraphDiff(const GraphSpec& before, const GraphSpec& after, std::string block, std::vector<NodeChange>& changes)
        : m_before(before), m_after(after), m_block(std::move(block)), m_changes(changes)
    {
    }

    void run()
    {
        for (const NodeSpec& node : m_before.nodes)
            m_old.emplace(node.id, &node);
        for (const NodeSpec& node : m_after.nodes)
            m_new.emplace(node.id, &node);
        findRenamed();
        std::unordered_set<std::string> told, kept;
        for (const NodeSpec& node : m_before.nodes) {
            if (!told.insert(node.id).second)
                continue;
            const auto name = m_names.find(node.id);
            if (name == m_names.end()) {
                add({NodeChange::Kind::Removed, m_block, node.id, "", node.type, ""});
                continue;
            }
            kept.insert(name->second);
            compare(node, *m_new.at(name->second));
        }
        for (const NodeSpec& node : m_after.nodes)
            if (kept.insert(node.id).second) {
                NodeChange change{NodeChange::Kind::Added, m_block, "", node.id, "", node.type};
                change.inputsAfter = node.inputs;
                add(std::move(change));
            }
        if (renamed(m_before.outputs) != m_after.outputs) {
            NodeChange change{NodeChange::Kind::Outputs, m_block};
            change.inputsChanged = true;
            change.inputsBefore = m_before.outputs;
            change.inputsAfter = m_after.outputs;
            add(std::move(change));
        }
    }

private:
    void add(NodeChange change) { m_changes.push_back(std::move(change)); }

    /// What the old ids are called now; an id that is gone stays as it was.
    std::vector<std::string> renamed(std::vector<std::string> ids) const
    {
        for (std::string& id : ids)
            id = renamed(id);
        return ids;
    }
    std::string renamed(const std::string& id) const
    {
        const auto found = m_names.find(id);
        return found == m_names.end() ? id : found->second;
    }

    static std::string signature(const NodeSpec& node, const std::vector<std::string>& inputs, const std::string& shares)
    {
        nlohmann::json all{node.type, settings(node), inputs, shares};
        return all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }

    /// From the inputs on, so that of a renamed chain each finds its predecessor's new name.
    void findRenamed()
    {
        for (const auto& [id, node] : m_old)
            if (m_new.contains(id))
                m_names.emplace(id, id);
        std::unordered_map<std::string, std::vector<std::string>> fresh; // ids by signature, the first last
        for (auto node = m_after.nodes.rbegin(); node != m_after.nodes.rend(); ++node)
            if (!m_old.contains(node->id))
                fresh[signature(*node, node->inputs, node->shares)].push_back(node->id);
        if (fresh.empty())
            return;
        std::unordered_map<std::string, std::vector<const NodeSpec*>> readers;
        std::unordered_map<std::string, std::size_t> waiting;
        std::vector<const NodeSpec*> ready;
        for (const NodeSpec& node : m_before.nodes) {
            if (m_old.at(node.id) != &node)
                continue;
            std::size_t count = 0;
            for (const std::string& input : node.inputs)
                if (m_old.contains(input)) {
                    readers[input].push_back(&node);
                    ++count;
                }
            waiting[node.id] = count;
            if (count == 0)
                ready.push_back(&node);
        }
        for (std::size_t i = 0; i < ready.size(); ++i) {
            const NodeSpec& node = *ready[i];
            if (!m_names.contains(node.id)) {
                const auto found = fresh.find(signature(node, renamed(node.inputs), renamed(node.shares)));
                if (found != fresh.end() && !found->second.empty()) {
                    m_names.emplace(node.id, found->second.back());
                    found->second.pop_back();
                }
            }
            for (const NodeSpec* const reader : readers[node.id])
                if (--waiting[reader->id] == 0)
                    ready.push_back(reader);
        }
    }

    void compare(const NodeSpec& old, const NodeSpec& now)
    {
        NodeChange change{old.id == now.id ? NodeChange::Kind::Changed : NodeChange::Kind::Renamed, m_block, old.id, now.id, old.type, now.type};
        const bool sameSettings = old.type == now.type && old.params == now.params; // as of most nodes: nothing to fill in
        const ParamValues was = sameSettings ? ParamValues() : settings(old), is = sameSettings ? ParamValues() : settings(now);
        for (const auto& [name, value] : was.items())
            if (!is.contains(name))
                change.params.push_back({name, value, nullptr});
            else if (is[name] != value)
                change.params.push_back({name, value, is[name]});
        for (const auto& [name, value] : is.items())
            if (!was.contains(name))
                change.params.push_back({name, nullptr, value});
        change.inputsChanged = renamed(old.inputs) != now.inputs;
        if (change.inputsChanged) {
            change.inputsBefore = old.inputs;
            change.inputsAfter = now.inputs;
        }
        if (renamed(old.shares) != now.shares) {
            change.sharesBefore = old.shares;
            change.sharesAfter = now.shares;
        }
        if (change.kind == NodeChange::Kind::Renamed || old.type != now.type || !change.params.empty() || change.inputsChanged
            || change.sharesBefore != change.sharesAfter)
            add(std::move(change));
    }

    const GraphSpec& m_before;
    const GraphSpec& m_after;
    std::string m_block;
    std::vector<NodeChange>& m_changes;
    std::unordered_map<std::string, const NodeSpec*> m_old, m_new;
    Names m_names; ///< new ids of what is on both sides, by the old ones
};

} // namespace

std::vector<NodeChange> networkChanges(const NetworkSpec& before, const NetworkSpec& after)
{
    std::vector<NodeChange> changes;
    GraphDiff(before, after, "", changes).run();
    for (const BlockSpec& block : before.blocks) {
        if (const BlockSpec* const now = after.findBlock(block.name))
            GraphDiff(block.body, now->body, block.name, changes).run();
        else
            changes.push_back({NodeChange::Kind::BlockRemoved, block.name});
    }
    for (const BlockSpec& block : after.blocks)
        if (!before.findBlock(block.name))
            changes.push_back({NodeChange::Kind::BlockAdded, block.name});
    return changes;
}

bool sameButPlaces(const NetworkSpec& a, const NetworkSpec& b)
{
    const auto sameGraph = [](const GraphSpec& one, const GraphSpec& other) {
        return one.outputs == other.outputs && std::equal(one.nodes.begin(), one.nodes.end(), other.nodes.begin(), other.nodes.end(), [](const NodeSpec& x, const NodeSpec& y) {
            return x.id == y.id && x.type == y.type && x.inputs == y.inputs && x.shares == y.shares && x.params == y.params;
        });
    };
    return sameGraph(a, b) && std::equal(a.blocks.begin(), a.blocks.end(), b.blocks.begin(), b.blocks.end(), [&](const BlockSpec& x, const BlockSpec& y) {
        return x.name == y.name && sameGraph(x.body, y.body);
    });
}

std::string_view nodeChangeName(NodeChange::Kind kind)
{
    switch (kind) {
    case NodeChange::Kind::Added:
        return "added";
    case NodeChange::Kind::Removed:
        return "removed";
    case NodeChange::Kind::Changed:
        return "changed";
    case NodeChange::Kind::Renamed:
        return "renamed";
    case NodeChange::Kind::Outputs:
        return "outputs";
    case NodeChange::Kind::BlockAdded:
        return "block-added";
    case NodeChange::Kind::BlockRemoved:
        break;
    }
    return "block-removed";
}

} // namespace limpid
