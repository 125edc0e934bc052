#include "core/explain/TellingOutput.h"

namespace limpid {

std::size_t tellingOutput(const Explanation& explanation)
{
    std::size_t best = 0;
    double most = -1.0;
    for (std::size_t output = 0; output < explanation.outputs.size(); ++output) {
        double weight = 0.0;
        for (const FeatureImportance& importance : meanAbsolute(explanation, output))
            weight += importance.mean;
        if (weight > most) {
            most = weight;
            best = output;
        }
    }
    return best;
}

} // namespace limpid
