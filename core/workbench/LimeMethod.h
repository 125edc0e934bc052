#pragma once

#include "core/explain/Lime.h"
#include "core/workbench/RowMethod.h"

namespace limpid {

LimeSpec limeSpec(const ExplainRequest& request);

/// LIME, sampling like the background's rows.
class LimeMethod final : public RowMethod
{
public:
    /// Keeps a reference to the predictor. `players`: the columns, one by one.
    LimeMethod(const Predictor& predictor, const EncodedRows& background, const ExplainRequest& request, std::vector<PlayerGroup> players);

    const std::vector<PlayerGroup>& players() const override { return m_players; }
    std::uint64_t evaluations() const override;
    std::uint64_t modelRowsEach() const override { return 1; }
    Coalitions drawCoalitions(std::size_t, Random&) const override { return {}; } // it samples rows of its own
    Attributions explain(const EncodedRows& rows, Task& task) const override;
    ExplainCost cost(const EncodedRows& rows, std::size_t count, Task& task) const override;

private:
    const Predictor& m_predictor;
    LimeSpec m_spec;
    OutputSpace m_space;
    std::vector<PlayerGroup> m_players;
    Features m_background;
    Lime m_lime;
};

} // namespace limpid
