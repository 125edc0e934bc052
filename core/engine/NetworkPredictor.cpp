#include "core/engine/NetworkPredictor.h"

#include "core/engine/EnsemblePredictor.h"
#include "core/engine/ForwardPlan.h"
#include "core/engine/OutputTransform.h"
#include "core/engine/Runtime.h"
#include "core/engine/SharedFirstLayer.h"

#include <algorithm>
#include <optional>

namespace limpid {

namespace {

using namespace engine;

class NetworkPredictor final : public Predictor
{
public:
    NetworkPredictor(Pipeline pipeline, const NetworkSpec& network, const Weights& weights, int threads)
        : m_pipeline(std::move(pipeline)), m_threads(std::max(1, threads)), m_network(network, networkContext(m_pipeline))
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
        const auto threads = static_cast<int>(std::clamp<std::size_t>(chunks, 1, static_cast<std::size_t>(m_threads)));
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
                                       OutputSpace space, Task& task) const override
    {
        check(rows);
        check(background);
        if (coalitions.players != m_pipeline.groups().size())
            throw Error(ErrorCode::Internal, {{"reason", "players"}});
        if (m_network.textWidth() > 0) // words are replaced all at once, which no first layer shares
            return Predictor::coalitionMeans(rows, background, coalitions, space, task);
        std::vector<double> means;
        guarded([&] { means.assign(rows.rows * coalitions.count * outputCount(space), 0.0); });
        if (means.empty() || background.rows == 0)
            return means;
        std::unique_ptr<SharedFirstLayer> shared;
        guarded([&] { shared = std::make_unique<SharedFirstLayer>(*m_plan, m_pipeline, rows, background); });
        const OutputTransform transform(m_pipeline, space);
        const auto threads =
            static_cast<int>(std::clamp<std::size_t>(coalitions.count, 1, static_cast<std::size_t>(m_threads)));
        inParallel(threads, [&](int thread) {
            const auto border = [&](int k) {
                return coalitions.count * static_cast<std::size_t>(k) / static_cast<std::size_t>(threads);
            };
            shared->means(coalitions, border(thread), border(thread + 1), transform, means, task);
        });
        return means;
    }

private:
    /// The plan refers to the network, so this object stays where it was made.
    void check(const Features& features) const
    {
        if (features.numberWidth != static_cast<std::size_t>(m_network.numberWidth())
            || features.categoryWidth != static_cast<std::size_t>(m_network.categoryWidth()))
            throw Error(ErrorCode::Internal, {{"reason", "features"}});
    }

    Pipeline m_pipeline;
    int m_threads;
    Network m_network;
    std::optional<ForwardPlan> m_plan;
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
            std::vector<std::unique_ptr<Predictor>> members;
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
