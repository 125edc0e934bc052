#pragma once

#include "ui/network/FlatPlaces.h"
#include "ui/network/GradientFlow.h"
#include "ui/network/NodePreviews.h"

#include <unordered_map>

namespace limpid {

class CanvasLegend;
class EdgeItem;
class NetworkScene;
struct LiveRun;
struct NodeStrip;

/// Puts on the canvas what its network does: on the nodes what they give, while that is asked for (NetworkScene::showsStrips(), a
/// view setting of the session), and on the edges the gradients of the watched run, as long as the network is the one that it trains.
class CanvasInsight : public QObject
{
    Q_OBJECT
public:
    CanvasInsight(Session& session, NetworkScene& scene, CanvasLegend& legend, QObject* parent = nullptr);

    /// After the scene was given a network: `whole` and its analysis, which stay where they are, and the blocks one is in.
    void show(const NetworkSpec& whole, const NetworkAnalysis& analysis, const std::vector<std::string>& path);

private:
    void restore();
    void showValues();
    void takePreview();
    void showSelected();
    std::shared_ptr<const NodeStrip> stripOf(const NodeSpec& node, bool current);
    void showFlow();
    void clearFlow();
    bool matchFlow();

    Session& m_session;
    NetworkScene& m_scene;
    CanvasLegend& m_legend;
    NodePreviews m_previews;
    const NetworkSpec* m_whole = nullptr;
    const NetworkAnalysis* m_analysis = nullptr;
    FlatPlaces m_places;

    std::shared_ptr<const NetworkPreview> m_preview; ///< that the strips are of
    std::unordered_map<std::string_view, const engine::LayerSummary*> m_summaries;   ///< of m_preview, by flat id
    std::unordered_map<std::string, std::shared_ptr<const NodeStrip>> m_strips;      ///< made of them so far
    std::shared_ptr<const NodeStrip> m_empty, m_unused, m_indices;

    std::shared_ptr<const LiveRun> m_live;            ///< that m_flow was made for; null: not made
    bool m_flowFits = false, m_flowShown = false;
    GradientFlow m_flow;
    struct Target {
        EdgeItem* edge;
        std::vector<std::size_t> nodes;   ///< flat ones
    };
    std::vector<Target> m_targets;
};

} // namespace limpid
