#pragma once

#include "core/explain/Interactions.h"

#include <string>
#include <vector>

namespace limpid {

struct ColumnInteractionSpec {
    /// Indices of the model's columns, each once; all others together are one more player. Empty: all columns.
    std::vector<std::size_t> columns;
    std::string index = "k-sii";   ///< of interactionIndices()
    /// Where all columns are too many players: looks at those that matter most instead of throwing.
    bool choose = false;
};

/// Shapley interactions of a model's columns: means over rows.
struct ColumnInteractions {
    std::string index;                     ///< see ShapleyInteractions
    std::vector<std::string> players;      ///< columns, in the model's order; a last one named "" holds all `others`
    std::vector<std::string> others;       ///< columns that are one player together; empty: there is no such player
    bool chosen = false;                   ///< the columns are those that matter most, by a quick look
    std::size_t rows = 0;                  ///< the means' rows: fewer than asked for where the task was told to finish
    std::size_t background = 0;            ///< rows that they are compared with
    std::vector<double> base, full;        ///< [outputs]: the mean prediction over the background, and over the rows
    /// [outputs, players, players], symmetric: at [i, j] the whole I(i, j), not its half; the diagonal has the main effects.
    std::vector<double> mean, meanAbsolute;
    std::uint64_t coalitions = 0;          ///< a row
    std::uint64_t modelRows = 0;

    std::size_t outputs() const { return base.size(); }
    std::size_t cell(std::size_t output, std::size_t i, std::size_t j) const { return (output * players.size() + i) * players.size() + j; }
    /// The one whose pairs do most; 0 of none.
    std::size_t strongestOutput() const;
};

/// How many players these columns of so many come to. Throws OptionInvalid (columns): more than maxInteractionPlayers.
std::size_t interactionPlayers(const ColumnInteractionSpec& spec, std::size_t columns);

/// By all coalitions, some rows at a time; told to finish, it ends after these. Throws TooFewRows, OptionInvalid (index), and as
/// interactionPlayers() does.
ColumnInteractions columnInteractions(const Predictor& predictor, const Features& rows, const Features& background,
                                      const ColumnInteractionSpec& spec, OutputSpace space, Task& task);

} // namespace limpid
