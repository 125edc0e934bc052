#include "core/engine/NetworkPredictor.h"

#include "core/engine/DeepLift.h"
#include "core/engine/EnsemblePredictor.h"
#include "core/engine/ForwardPlan.h"
#include "core/engine/OutputTransform.h"
#include "core/engine/Runtime.h"
#include "core/engine/SharedFirstLayer.h"
#include "core/model/Randomisable.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <set>

namespace limpid {

namespace {

using namespace engine;

class NetworkPredictor final : public DifferentiablePredictor, public Randomisable
{
public:
    NetworkPredictor(Pipeline pipeline, const NetworkSpec& network, const Weights& weights, int threads)
        : m_pipeline(std::move(pipeline)), m_spec(network), m_threads(std::max(1, threads)), m_network(network, networkContext(m_pipeline))
    {
        m_network.load(weights, "model.safetensors");
        m_plan.emplace(m_network);
    }

    const Pipeline& pipeline() const override { return m_pipeline; }

    std::size_t outputCount(OutputSpace) const override { return static_cast<std::size_t>(m_network.outputs()); }

    std::vector<std::string> outputNames(OutputSpace) const override { return m_pipeline.outputNames(); }

    Predictions predict(const Features& features, OutputSpace space, Task& task) const override
    {
        check(features);
        Predictions predictions{features.rows, outputCount(space), {}};
        const OutputTransform transform(m_pipeline, space);
        const std::size_t chunkRows = engine::chunkRows(m_network), chunks = (features.rows + chunkRows - 1) / chunkRows;
        const int threads = threadsFor(chunks, task);
        guarded([&] { predictions.values.resize(predictions.rows * predictions.outputs); });
        // Chunk i goes to thread i modulo their number; what a chunk gives does not depend on who computes it.
        inParallel(threads, [&](int thread) {
            ForwardPlan::Workspace workspace(*m_plan, std::min(features.rows, chunkRows));
            for (auto chunk = static_cast<std::size_t>(thread); chunk < chunks; chunk += static_cast<std::size_t>(threads)) {
                task.checkpoint();
                const std::size_t begin = chunk * chunkRows;
                const std::size_t rows = std::min(chunkRows, features.rows - begin);
                const Batch batch{static_cast<std::int64_t>(rows), features.numbers.data() + begin * features.numberWidth,
                                  features.categories.data() + begin * features.categoryWidth};
                const float* raw = m_plan->run(batch, workspace);
                transform.apply(raw, rows, predictions.outputs, predictions.values.data() + begin * predictions.outputs);
            }
        });
        return predictions;
    }

    std::vector<double> coalitionMeans(const Features& rows, const Features& background, const Coalitions& coalitions,
                                       OutputSpace space, Task& task, std::span<const double> weights) const override
    {
        check(rows);
        check(background);
        if (coalitions.players != m_pipeline.groups().size())
            throw Error(ErrorCode::Internal, {{"reason", "players"}});
        if (m_network.textWidth() > 0) // words are replaced all at once, which no first layer shares
            return Predictor::coalitionMeans(rows, background, coalitions, space, task, weights);
        std::vector<double> means;
        guarded([&] { means.assign(rows.rows * coalitions.count * outputCount(space), 0.0); });
        if (means.empty() || background.rows == 0)
            return means;
        std::unique_ptr<SharedFirstLayer> shared;
        guarded([&] { shared = std::make_unique<SharedFirstLayer>(*m_plan, m_pipeline, rows, background, weights); });
        const OutputTransform transform(m_pipeline, space);
        inShares(coalitions.count, shared->coalitionsAtOnce(), task, [&](int, std::size_t begin, std::size_t end) {
            shared->means(coalitions, begin, end, transform, means, task);
        });
        return means;
    }

    std::size_t pointWidth() const override { return smooth().width(); }
    const std::vector<std::size_t>& pointPlayers() const override { return smooth().players(); }

    bool separatesColumns() const override { return !smooth().mixesColumns(); }

    Points points(const Features& features, Task& task) const override
    {
        check(features);
        Points made;
        guarded([&] { made = smooth().points(features, task); });
        return made;
    }

    std::vector<double> outputsAt(const Points& points, OutputSpace space, Task& task) const override
    {
        const OutputTransform transform(m_pipeline, space);
        const std::size_t outputs = outputCount(space);
        std::vector<double> result(points.rows * outputs);
        inChunks(points.rows, task, [&](std::size_t begin, std::size_t end) {
            task.checkpoint();
            const std::vector<double> part = smooth().outputsAt(points, transform, begin, end);
            std::copy(part.begin(), part.end(), result.begin() + static_cast<std::ptrdiff_t>(begin * outputs));
        });
        return result;
    }

    PointGradients gradientsAt(const Points& points, OutputSpace space, BackwardRule rule, Task& task) const override
    {
        const OutputTransform transform(m_pipeline, space);
        const std::size_t outputs = outputCount(space);
        PointGradients result;
        guarded([&] {
            result.outputs.resize(points.rows * outputs);
            result.gradients.resize(points.rows * outputs * points.width);
        });
        inChunks(points.rows, task, [&](std::size_t begin, std::size_t end) {
            task.checkpoint();
            smooth().gradientsAt(points, transform, rule, begin, end, result, task);
        });
        return result;
    }

    std::optional<ImageShape> image() const override
    {
        const std::optional<std::size_t> layer = imageLayer();
        if (!layer)
            return std::nullopt;
        const std::vector<std::int64_t>& dims = m_network.layers()[*layer].dims;
        return ImageShape{static_cast<std::size_t>(dims[0]), static_cast<std::size_t>(dims[1]), static_cast<std::size_t>(dims[2])};
    }

    std::vector<std::string> pictureLayers() const override
    {
        std::vector<std::string> layers;
        if (const std::optional<std::size_t> image = imageLayer()) {
            for (std::size_t i = *image + 1; i < m_network.layers().size(); ++i) {
                if (isPicture(i))
                    layers.push_back(m_network.layers()[i].id);
            }
        }
        return layers;
    }

    std::string lastPictureLayer() const override
    {
        const std::vector<engine::Layer>& layers = m_network.layers();
        std::size_t convolution = 0, last = 0;
        for (std::size_t i = 0; i < layers.size(); ++i) {
            if (!isPicture(i))
                continue;
            if (layers[i].type->name == "Conv2d" || layers[i].type->name == "ConvTranspose2d" || convolution == 0)
                convolution = last = i;
            else if (layers[i].dims == layers[convolution].dims)
                last = i;
        }
        return layers[last].id;
    }

    ActivationMaps activationMaps(const Points& points, const std::string& layer, OutputSpace space, Task& task) const override
    {
        const std::vector<engine::Layer>& layers = m_network.layers();
        const auto at = static_cast<std::size_t>(
            std::find_if(layers.begin(), layers.end(), [&](const engine::Layer& one) { return one.id == layer; }) - layers.begin());
        if (at == layers.size() || !isPicture(at))
            throw Error(ErrorCode::Internal, {{"reason", layer}});
        const OutputTransform transform(m_pipeline, space);
        ActivationMaps result;
        result.layer = layer;
        result.height = static_cast<std::size_t>(layers[at].dims[1]);
        result.width = static_cast<std::size_t>(layers[at].dims[2]);
        guarded([&] {
            result.outputs.resize(points.rows * outputCount(space));
            result.maps.resize(result.outputs.size() * result.height * result.width);
        });
        inChunks(points.rows, task, [&](std::size_t begin, std::size_t end) {
            task.checkpoint();
            smooth().activationMaps(points, transform, at, begin, end, result, task);
        });
        return result;
    }

    DeepLiftContributions deepLift(const Points& rows, const Points& references, OutputSpace space, bool ledger, Task& task) const override
    {
        const OutputTransform transform(m_pipeline, space);
        const std::size_t outputs = outputCount(space);
        DeepLiftContributions result;
        result.outputs = outputsAt(rows, space, task);
        result.base.assign(outputs, 0.0);
        const std::vector<double> there = outputsAt(references, space, task);
        for (std::size_t i = 0; i < there.size(); ++i)
            result.base[i % outputs] += there[i] / static_cast<double>(references.rows);
        guarded([&] { result.values.assign(rows.rows * outputs * rows.width, 0.0); });
        std::vector<std::vector<LayerLeak>> leaks(static_cast<std::size_t>(m_threads));
        for (std::vector<LayerLeak>& own : leaks) {
            if (ledger)
                own = emptyLedger(smooth());
        }
        inShares(rows.rows, deepLiftRowsAtOnce(references.rows, pairsAtOnce()), task, [&](int thread, std::size_t begin, std::size_t end) {
            addDeepLift(smooth(), rows, references, transform, begin, end, pairsAtOnce(), result, leaks[static_cast<std::size_t>(thread)], task);
        });
        for (std::size_t i = leaks[0].size(); i-- > 0;) {
            const bool isTransform = i == m_network.layers().size();
            if (isTransform ? !transform.bends() : smooth().isEntry(i) || smooth().isIndex(i))
                continue;
            for (const std::vector<LayerLeak>& other : leaks) {
                leaks[0][i].leak = std::max(leaks[0][i].leak, other[i].leak);
                leaks[0][i].spread = std::max(leaks[0][i].spread, other[i].spread);
            }
            result.ledger.push_back(leaks[0][i]);
        }
        return result;
    }

    std::vector<std::string> weightedLayers() const override
    {
        std::vector<std::string> layers;
        std::set<std::size_t> known; // a layer that shares another's weights has none of its own
        for (const engine::Layer& layer : m_network.layers()) {
            bool own = false;
            for (const std::size_t slot : layer.tensors)
                own = known.insert(slot).second || own;
            if (own)
                layers.push_back(layer.id);
        }
        std::reverse(layers.begin(), layers.end());
        return layers;
    }

    std::unique_ptr<Predictor> randomised(std::size_t layers, std::uint64_t seed) const override
    {
        std::unique_ptr<Predictor> made;
        guarded([&] {
            Network fresh(m_spec, networkContext(m_pipeline));
            fresh.initialise(seed);
            const Weights drawn = fresh.weights();
            Weights weights = m_network.weights();
            const std::vector<std::string> ids = weightedLayers();
            const std::set<std::string> chosen(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(std::min(layers, ids.size())));
            for (const engine::Layer& layer : m_network.layers()) {
                for (const std::size_t slot : layer.tensors) {
                    if (chosen.contains(layer.id))
                        weights[slot] = drawn[slot];
                }
            }
            made = std::make_unique<NetworkPredictor>(m_pipeline, m_spec, weights, m_threads);
        });
        return made;
    }

private:
    /// Made when first asked for: most predictors never are.
    const SmoothNetwork& smooth() const
    {
        std::call_once(m_smoothMade, [&] { guarded([&] { m_smooth = std::make_unique<SmoothNetwork>(m_network, m_pipeline.groups()); }); });
        return *m_smooth;
    }

    /// Rows, or pairs of rows, at a time: doubles, and what is kept for the way back, so fewer than predict() takes.
    /// The layer that makes a picture of all the numbers that the network takes, and nothing else: the first of three dimensions.
    std::optional<std::size_t> imageLayer() const
    {
        const std::vector<engine::Layer>& layers = m_network.layers();
        for (std::size_t i = 0; i < layers.size(); ++i) {
            if (!isPicture(i))
                continue;
            const engine::Layer& from = layers[layers[i].inputs.front()];
            const bool all = from.kind == LayerKind::InputNumbers && layers[i].kind == LayerKind::Reshape
                             && layers[i].width == static_cast<std::int64_t>(m_pipeline.groups().size())
                             && m_network.categoryWidth() == 0;
            return all ? std::optional(i) : std::nullopt;
        }
        return std::nullopt;
    }
    /// [channels, height, width], of more than one place.
    bool isPicture(std::size_t layer) const
    {
        const engine::Layer& it = m_network.layers()[layer];
        return it.dims.size() == 3 && it.dims[1] * it.dims[2] > 1 && !it.inputs.empty();
    }

    std::size_t smoothRows() const { return engine::chunkRows(m_network) / 4; }

    /// Of rows and references: so few that what a layer gives for them stays in the cache, and in memory that is used again. A network
    /// 30-64-64-1 took 9.8 ms for 5,000 pairs 2,048 at a time, 6.0 ms 500 at a time.
    std::size_t pairsAtOnce() const
    {
        constexpr std::size_t layerBytes = 256 * 1024, fewest = 64;
        std::size_t widest = 1;
        for (const engine::Layer& layer : m_network.layers())
            widest = std::max(widest, static_cast<std::size_t>(layer.width));
        return std::min(smoothRows(), std::max(fewest, layerBytes / (widest * sizeof(double))));
    }

    int threadsFor(std::size_t parts, const Task& task) const
    {
        return static_cast<int>(std::clamp<std::size_t>(parts, 1, static_cast<std::size_t>(std::min(m_threads, task.cores()))));
    }

    /// work(thread, begin, end) for a share of `count` items a thread. Shares begin at whole multiples of `atOnce`, in which the work goes
    /// through them, so that what comes out does not go by how many threads there are.
    void inShares(std::size_t count, std::size_t atOnce, const Task& task, const std::function<void(int thread, std::size_t begin, std::size_t end)>& work) const
    {
        const std::size_t parts = (count + atOnce - 1) / atOnce;
        const int threads = threadsFor(parts, task);
        inParallel(threads, [&](int thread) {
            const auto border = [&](int k) { return std::min(count, parts * static_cast<std::size_t>(k) / static_cast<std::size_t>(threads) * atOnce); };
            work(thread, border(thread), border(thread + 1));
        });
    }

    /// work(begin, end) for chunks of rows, shared out to the threads.
    void inChunks(std::size_t rows, const Task& task, const std::function<void(std::size_t begin, std::size_t end)>& work) const
    {
        const std::size_t chunkRows = smoothRows(), chunks = (rows + chunkRows - 1) / chunkRows;
        const int threads = threadsFor(chunks, task);
        inParallel(threads, [&](int thread) {
            for (auto chunk = static_cast<std::size_t>(thread); chunk < chunks; chunk += static_cast<std::size_t>(threads))
                work(chunk * chunkRows, std::min(rows, (chunk + 1) * chunkRows));
        });
    }

    /// The plan refers to the network, so this object stays where it was made.
    void check(const Features& features) const
    {
        if (features.numberWidth != static_cast<std::size_t>(m_network.numberWidth())
            || features.categoryWidth != static_cast<std::size_t>(m_network.categoryWidth()))
            throw Error(ErrorCode::Internal, {{"reason", "features"}});
    }

    Pipeline m_pipeline;
    NetworkSpec m_spec;
    int m_threads;
    Network m_network;
    std::optional<ForwardPlan> m_plan;
    mutable std::once_flag m_smoothMade;
    mutable std::unique_ptr<SmoothNetwork> m_smooth;
};

} // namespace

std::unique_ptr<Predictor> makePredictor(const Bundle& bundle, int threads)
{
    std::unique_ptr<Predictor> predictor;
    guarded([&] {
        try {
            const auto member = [&](const Weights& weights) {
                return std::make_unique<NetworkPredictor>(bundle.pipeline, bundle.network, weights, threads);
            };
            if (bundle.furtherMembers.empty()) {
                predictor = member(bundle.weights);
                return;
            }
            std::vector<std::unique_ptr<DifferentiablePredictor>> members;
            members.push_back(member(bundle.weights));
            for (const Weights& weights : bundle.furtherMembers)
                members.push_back(member(weights));
            predictor = std::make_unique<EnsemblePredictor>(std::move(members));
        } catch (const Error& error) {
            if (error.code() == ErrorCode::BundleInvalid || error.code() == ErrorCode::OutOfMemory)
                throw;
            throw Error(ErrorCode::BundleInvalid, {{"path", "network.json"}, {"reason", std::string(errorName(error.code()))}},
                        error.what());
        }
    });
    return predictor;
}

} // namespace limpid
