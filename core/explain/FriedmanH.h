#pragma once

#include "core/explain/EffectRows.h"

namespace limpid {

struct InteractionSpec {
    std::vector<std::size_t> columns;   ///< whose interaction is looked for; empty: all
    /// Pairs are looked at among so many of them, those that interact most with all others; 0: among all.
    std::size_t strongest = 0;
};

/// How much of an output two columns (or one and all others) make together that they do not make by themselves.
/// Friedman and Popescu (2008), eq. 44 and 45, over the rows themselves, all effects centred.
struct Interactions {
    /// H, the root of the share in [0, 1] (of noise beyond): 0 without interaction, 1 where there is nothing else. A share of
    /// next to nothing says nothing, so it is to be read with the strength: 0 where the whole is below 1e-6 of the output's
    /// deviation, the accuracy of float32.
    struct Column {
        std::size_t column = 0;
        std::vector<double> h;          ///< [outputs]: with all others together, as a share of the output's variance
        std::vector<double> strength;   ///< [outputs]: √ of the mean square of the joint part, in the output's unit
    };
    struct Pair {
        std::size_t first = 0, second = 0;
        std::vector<double> h;          ///< [outputs]: as a share of the variance of the two columns' joint effect
        std::vector<double> strength;
    };
    std::vector<std::string> names;     ///< of all columns of the model
    std::vector<Column> columns;        ///< in the order of the specification
    std::vector<Pair> pairs;            ///< first < second
    std::size_t rows = 0;
    std::uint64_t modelRows = 0;        ///< rows² for each column and each pair
};

/// Texts are moved as a whole. Throws TooFewRows below 2 rows.
Interactions friedmanH(const EffectRows& model, const InteractionSpec& spec, Task& task);

} // namespace limpid
