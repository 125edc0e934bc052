#include "core/model/LayerParts.h"

#include <cmath>

namespace limpid {

namespace {

enum class Cell { Rnn, Lstm, Gru };

constexpr std::int64_t gates(Cell cell)
{
    return cell == Cell::Rnn ? 1 : cell == Cell::Lstm ? 4 : 3;
}

/// PyTorch's, and what is passed on: every step's output, or the last layer's final hidden state, both directions side by side.
template<Cell C>
const std::vector<ParamSpec>& params()
{
    static const std::vector<ParamSpec> made = [] {
        std::vector<ParamSpec> list{integerParam("hidden_size", 64, 1, 8192, 16, 512), integerParam("num_layers", 1, 1, 16, 1, 3)};
        if (C == Cell::Rnn)
            list.push_back(choiceParam("nonlinearity", {"tanh", "relu"}));
        list.push_back(switchParam("bias", true));
        list.push_back(realParam("dropout", 0.0, 0.0, 0.99, 0.1, 0.5));
        list.push_back(switchParam("bidirectional", false));
        list.push_back(choiceParam("output", {"sequence", "last"}));
        return withWeights(std::move(list));
    }();
    return made;
}

std::int64_t directions(const Settings& settings)
{
    return settings.flag("bidirectional") ? 2 : 1;
}

template<Cell C>
TensorShape infer(Shapes inputs, const ParamValues& values, Issues& issues)
{
    const Settings settings{params<C>(), values};
    if (!requireSequence(inputs, issues))
        return inputs[0];
    const std::int64_t width = settings.integer("hidden_size") * directions(settings);
    return settings.choice("output") == "last" ? floats({width}) : floats({inputs[0].dims[0], width});
}

/// Calls with the width of the input of each layer.
template<class Call>
void forLayers(const Settings& settings, std::int64_t input, Call&& call)
{
    for (std::int64_t layer = 0; layer < settings.integer("num_layers"); ++layer)
        call(layer, layer == 0 ? input : settings.integer("hidden_size") * directions(settings));
}

template<Cell C>
LayerCost cost(Shapes inputs, const TensorShape&, const ParamValues& values)
{
    const Settings settings{params<C>(), values};
    const std::int64_t steps = inputs[0].dims[0], hidden = settings.integer("hidden_size"), ways = directions(settings);
    LayerCost result;
    forLayers(settings, inputs[0].dims[1], [&](std::int64_t, std::int64_t width) {
        // Products of the input and the last state for each gate; some ten operations a unit join them.
        result.flops += bounded({ways, steps, hidden, gates(C) * 2 * (width + hidden) + 10});
        // Gates before and after their non-linearity, the state and the cell.
        result.activations += ways * steps * hidden * (2 * gates(C) + 2);
    });
    return result;
}

template<Cell C>
std::vector<TensorSpec> tensors(Shapes inputs, const TensorShape&, const ParamValues& values)
{
    const Settings settings{params<C>(), values};
    const std::int64_t hidden = settings.integer("hidden_size"), rows = gates(C) * hidden;
    const Initial initial = uniformByFanIn(hidden);
    std::vector<TensorSpec> list;
    forLayers(settings, inputs[0].dims[1], [&](std::int64_t layer, std::int64_t width) {
        for (std::int64_t way = 0; way < directions(settings); ++way) {
            const std::string suffix = "_l" + std::to_string(layer) + (way == 1 ? "_reverse" : "");
            list.push_back(weightTensor("weight_ih" + suffix, {rows, width}, initial));
            list.push_back(weightTensor("weight_hh" + suffix, {rows, hidden}, initial));
            if (!settings.flag("bias"))
                continue;
            list.push_back(biasTensor("bias_ih" + suffix, rows, initial));
            list.push_back(biasTensor("bias_hh" + suffix, rows, initial));
        }
    });
    return list;
}

template<Cell C>
LayerType layer(std::string name)
{
    return {std::move(name), "recurrent", 1, 1, params<C>(), infer<C>, cost<C>, tensors<C>};
}

} // namespace

std::vector<LayerType> recurrentLayers()
{
    return {layer<Cell::Rnn>("RNN"), layer<Cell::Lstm>("LSTM"), layer<Cell::Gru>("GRU")};
}

} // namespace limpid
