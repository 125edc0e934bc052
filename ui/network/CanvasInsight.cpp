#include "ui/network/CanvasInsight.h"

#include "core/model/NetworkDiff.h"
#include "ui/network/CanvasLegend.h"
#include "ui/network/EdgeItem.h"
#include "ui/network/NetworkScene.h"
#include "ui/network/NodeItem.h"
#include "ui/network/NodeStrip.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"

#include <algorithm>
#include <cmath>

namespace limpid {

namespace {

const QString settingKey = QStringLiteral("network.values");

} // namespace

CanvasInsight::CanvasInsight(Session& session, NetworkScene& scene, CanvasLegend& legend, QObject* parent)
    : QObject(parent), m_session(session), m_scene(scene), m_legend(legend), m_previews(session), m_empty(std::make_shared<const NodeStrip>()),
      m_unused(std::make_shared<const NodeStrip>(tr("not in use"))), m_indices(std::make_shared<const NodeStrip>(tr("indices")))
{
    connect(&m_previews, &NodePreviews::changed, this, &CanvasInsight::showValues);
    connect(&scene, &NetworkScene::stripsToggled, this, [this](bool shown) {
        m_previews.setOn(shown);
        if (m_session.viewValue(settingKey) != nlohmann::json(shown))
            m_session.setViewValue(settingKey, shown);
    });
    connect(&scene, &NetworkScene::picked, this, &CanvasInsight::showSelected);
    connect(&scene, &NetworkScene::restyled, this, [this] { // images are in the theme's colours
        m_strips.clear();
        showValues();
    });
    connect(&session, &Session::workspaceOpened, this, &CanvasInsight::restore);
    for (const auto signal : {&Session::trainingStarted, &Session::watchedRunChanged, &Session::trainingProgressed, &Session::trainingEnded})
        connect(&session, signal, this, &CanvasInsight::showFlow);
    restore();
}

void CanvasInsight::restore()
{
    const nlohmann::json value = m_session.viewValue(settingKey);
    m_scene.setStripsShown(value.is_boolean() && value.get<bool>());
}

void CanvasInsight::show(const NetworkSpec& whole, const NetworkAnalysis& analysis, const std::vector<std::string>& path)
{
    m_whole = &whole;
    m_analysis = &analysis;
    m_places = FlatPlaces(analysis.flat, path);
    m_live.reset();
    showValues();
    showFlow();
}

// ---- what layers give

void CanvasInsight::takePreview()
{
    if (m_preview == m_previews.preview())
        return;
    m_preview = m_previews.preview();
    m_strips.clear();
    m_summaries.clear();
    if (m_preview)
        for (const engine::LayerSummary& summary : m_preview->layers)
            m_summaries.emplace(summary.id, &summary);
}

std::shared_ptr<const NodeStrip> CanvasInsight::stripOf(const NodeSpec& node, bool current)
{
    const std::string id = m_places.givenBy(node);
    if (const auto made = m_strips.find(id); made != m_strips.end())
        return made->second;
    if (const auto found = m_summaries.find(id); found != m_summaries.end())
        return m_strips[id] = std::make_shared<const NodeStrip>(*found->second, m_scene.style());
    if (!current)
        return m_empty;
    const LayerType* type = findLayer(node.type);
    return type && type->maxInputs == 0 && node.type != "BlockInput" ? m_indices : m_unused;
}

void CanvasInsight::showValues()
{
    m_legend.setValuesText(m_previews.text());
    takePreview();
    if (!m_scene.showsStrips() || !m_whole)
        return showSelected();
    const bool current = m_previews.isOf(*m_whole);
    for (const NodeSpec& node : m_scene.network().nodes)
        if (NodeItem* item = m_scene.node(node.id))
            item->setStrip(m_preview ? stripOf(node, current) : m_empty, m_preview && !current);
    showSelected();
}

void CanvasInsight::showSelected()
{
    const auto nodes = m_scene.selectedNodes();
    const NodeItem* item = nodes.size() == 1 ? m_scene.node(nodes.front()) : nullptr;
    const NodeFace* face = item && item->face().strip && !item->face().stripFaded ? &item->face() : nullptr;
    m_legend.setSelectedText(face && !face->strip->figures.isEmpty() ? tr("%1: %2").arg(QString::fromStdString(item->id()), face->strip->figures) : QString());
}

// ---- how gradients flow

bool CanvasInsight::matchFlow()
{
    const std::shared_ptr<LiveRun>& live = m_session.liveRun();
    if (!live || !m_whole || live->start.layers.empty())
        return false;
    if (m_live == live)
        return m_flowFits;
    m_live = live;
    m_targets.clear();
    m_flowFits = sameButPlaces(live->network, *m_whole);
    if (!m_flowFits)
        return false;
    m_flow = GradientFlow(*m_analysis, live->start.layers);
    m_flowFits = m_flow.fits();
    for (EdgeItem* edge : m_scene.edges()) {
        Target target{edge, {}};
        if (const NodeSpec* to = m_scene.network().find(edge->to().id()))
            for (const std::string& id : m_places.fedBy(*to, static_cast<std::size_t>(edge->port())))
                if (const auto index = m_flow.indexOf(id))
                    target.nodes.push_back(*index);
        m_targets.push_back(std::move(target));
    }
    return m_flowFits;
}

void CanvasInsight::clearFlow()
{
    m_legend.setFlow({}, std::nullopt);
    if (!std::exchange(m_flowShown, false))
        return;
    for (EdgeItem* edge : m_scene.edges())
        edge->setFlow(std::nullopt);
}

void CanvasInsight::showFlow()
{
    if (!matchFlow()) {
        clearFlow();
        return;
    }
    const LiveRun& live = *m_live;
    if (!live.lastGradients) {
        clearFlow();
        if (live.running)
            m_legend.setFlow(tr("Gradient norms come with step %1").arg(gradientInterval(live.start.stepsPerEpoch)), std::nullopt);
        return;
    }
    const std::vector<double> into = m_flow.into(live.lastGradients->norms);
    double largest = 0.0;
    for (const double norm : live.lastGradients->norms)
        if (std::isfinite(norm))
            largest = std::max(largest, norm);
    for (const Target& target : m_targets) {
        double norm = -1.0;
        for (const std::size_t node : target.nodes)
            norm = std::max(norm, into[node]);
        target.edge->setFlow(norm < 0.0 ? std::nullopt : std::optional(EdgeFlow{norm, GradientFlow::level(norm, largest)}));
    }
    m_flowShown = true;
    const QString step = countText(live.lastGradients->step);
    m_legend.setFlow(live.running ? tr("Gradient norm, step %1").arg(step) : tr("Gradient norm at the end, step %1").arg(step),
                     largest > 0.0 ? std::optional(largest) : std::nullopt);
}

} // namespace limpid
