#pragma once

#include "core/model/Predictor.h"

namespace limpid {

/// How much the model's figure falls when one column is shuffled (Breiman 2001; sklearn.inspection.permutation_importance).
struct ColumnImportance {
    std::string column;
    double mean = 0.0;        ///< mean drop of the score over the repeats
    double deviation = 0.0;   ///< sample standard deviation over the repeats (n − 1; scikit-learn divides by n); NaN for one
};
struct ImportanceResult {
    std::string metric;       ///< roc_auc, accuracy or r2; macro_roc_auc (multi-label)
    double score = 0.0;       ///< unshuffled
    std::vector<ColumnImportance> columns; ///< in column order
};

/// `features` with targets.
ImportanceResult permutationImportance(const Predictor& predictor, const Features& features, int repeats,
                                       std::uint64_t seed, Task& task);

} // namespace limpid
