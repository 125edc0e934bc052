#pragma once

#include "core/workbench/RowMethod.h"

namespace limpid {

/// Throws what is wrong with a request whose players are superpixels: see explainTable().
void checkSuperpixelMethod(const Predictor& predictor, const ExplainRequest& request);

/// A method that plays games, or LIME, with each picture's superpixels as players. Its answer is in columns: a superpixel's value is divided evenly among
/// its pixels' columns, as Explanation::segments says.
class SuperpixelMethod final : public RowMethod
{
public:
    /// Keeps a reference to the predictor. `columns`: the pixels' columns, one by one. Of lime, `background` is what the base is the mean of,
    /// whatever stands in a superpixel's place.
    SuperpixelMethod(const Predictor& predictor, WeightedRows background, const ExplainRequest& request, std::vector<PlayerGroup> columns);

    const std::vector<PlayerGroup>& players() const override { return m_columns; }
    std::uint64_t evaluations() const override;
    std::uint64_t modelRowsEach() const override { return masksByMean() ? 1 : m_background.rows.rows; }
    /// Each picture's coalitions are of its own superpixels, so there are none for all.
    Coalitions drawCoalitions(std::size_t, Random&) const override { return {}; }
    Attributions explain(const EncodedRows& rows, Task& task) const override;
    ExplainCost cost(const EncodedRows& rows, std::size_t count, Task& task) const override;

private:
    bool isLime() const { return m_request.method == "lime"; }
    bool masksByMean() const { return isLime() && m_request.limeMeanColour; }
    /// The pixels of one of the rows, in the user's unit: [channels, height, width].
    std::vector<double> picture(const EncodedRows& rows, std::size_t index) const;
    /// Each row's picture in the mean colours of its superpixels.
    Features meanColoured(const EncodedRows& rows, const std::vector<Superpixels>& segments) const;
    std::vector<Superpixels> segmented(const EncodedRows& rows, Task& task) const;
    Attributions played(const Game& columns, const Superpixels& segments, Task& task) const;
    Attributions fitted(const Game& columns, const Superpixels& segments, std::size_t number, Task& task) const;

    const Predictor& m_predictor;
    WeightedRows m_background;
    ExplainRequest m_request;
    ImageShape m_shape;
    std::vector<PlayerGroup> m_columns;
};

} // namespace limpid
