#pragma once

#include "core/model/Predictor.h"

#include <cmath>
#include <functional>
#include <numeric>

namespace limpid::test {

/// A model given by a function of one encoded row, in float32 as the engine's are.
class FunctionPredictor : public Predictor
{
public:
    using Function = std::function<std::vector<float>(const Features& features, std::size_t row)>;

    FunctionPredictor(Pipeline pipeline, std::size_t outputs, Function function)
        : m_pipeline(std::move(pipeline)), m_outputs(outputs), m_function(std::move(function))
    {
    }

    const Pipeline& pipeline() const override { return m_pipeline; }
    std::size_t outputCount(OutputSpace) const override { return m_outputs; }
    std::vector<std::string> outputNames(OutputSpace) const override { return m_pipeline.outputNames(); }
    Predictions predict(const Features& features, OutputSpace, Task&) const override
    {
        Predictions predictions{features.rows, m_outputs, {}};
        for (std::size_t row = 0; row < features.rows; ++row) {
            for (const float value : m_function(features, row))
                predictions.values.push_back(static_cast<double>(value));
        }
        return predictions;
    }

private:
    Pipeline m_pipeline;
    std::size_t m_outputs;
    Function m_function;
};

/// A column of texts without gaps.
inline Column textColumn(const std::string& name, const std::vector<std::string>& texts)
{
    std::string bytes;
    std::vector<std::uint64_t> offsets{0};
    for (const std::string& text : texts) {
        bytes += text;
        offsets.push_back(bytes.size());
    }
    return Column::texts(name, bytes, offsets, std::vector<bool>(texts.size(), false));
}

/// Fitted on all rows but the last, nothing scaled, texts as their words.
inline Pipeline fitted(const Table& table, const std::string& target, const std::string& categories = "embedding")
{
    Split split;
    split.train.resize(table.rows() - 1);
    std::iota(split.train.begin(), split.train.end(), std::size_t{0});
    split.validation = {table.rows() - 1};
    PipelineSpec spec;
    spec.target = target;
    spec.categories = categories;
    spec.scaling = "none";
    spec.text = "tokens";
    Issues issues;
    return Pipeline::fit(table, split, spec, issues);
}

} // namespace limpid::test
