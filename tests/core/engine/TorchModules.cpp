#include "tests/core/engine/TorchModules.h"

// Before modules/instancenorm.h, which uses it without including it.
#include <torch/nn/functional/instancenorm.h>

#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/embedding.h>
#include <torch/nn/modules/instancenorm.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>
#include <torch/nn/modules/padding.h>
#include <torch/nn/modules/pooling.h>
#include <torch/nn/modules/rnn.h>
#include <torch/nn/modules/transformerlayer.h>
#include <torch/nn/modules/upsampling.h>

#include <cmath>
#include <map>

namespace limpid::test {

namespace {

namespace nn = torch::nn;
using Tensor = torch::Tensor;
using Tensors = std::vector<Tensor>;
using Ints = std::vector<std::int64_t>;

struct Call {
    const std::string& type;
    const ParamValues& params;
    const Tensors& inputs;
    const NetworkContext& context;
    at::ScalarType dtype;

    /// What has no default in PyTorch.
    nlohmann::json needed(const char* name) const { return paramValue(findLayer(type)->params, params, name); }
    std::int64_t integer(const char* name) const { return needed(name).get<std::int64_t>(); }
    Ints integers(const char* name) const { return paramIntegers(findLayer(type)->params, params, name); }
    std::int64_t size(std::int64_t dim, std::size_t input = 0) const { return inputs[input].size(dim); }
    /// Calls where the setting is there, so that PyTorch's own default holds elsewhere.
    template<class T, class Set>
    void given(const char* name, Set&& set) const
    {
        if (const auto found = params.find(name); found != params.end())
            set(found->template get<T>());
    }
};

TorchModule::Named withoutCounters(const TorchModule::Named& all)
{
    TorchModule::Named kept;
    for (const auto& each : all)
        if (each.first != "num_batches_tracked")
            kept.push_back(each);
    return kept;
}

TorchModule::Named pairs(const torch::OrderedDict<std::string, Tensor>& dictionary)
{
    TorchModule::Named list;
    for (const auto& item : dictionary)
        list.emplace_back(item.key(), item.value());
    return list;
}

/// What an nn::Module has besides its forward().
template<class Impl>
TorchModule around(const std::shared_ptr<Impl>& module, const Call& call, std::function<Tensor(const Tensors&)> forward)
{
    module->to(call.dtype);
    TorchModule made;
    made.call = std::move(forward);
    made.parameters = [module] { return pairs(module->named_parameters()); };
    made.buffers = [module] { return withoutCounters(pairs(module->named_buffers())); };
    made.train = [module](bool on) { module->train(on); };
    return made;
}

template<class Impl, class... Options>
TorchModule simple(const Call& call, Options&&... options)
{
    const auto module = std::make_shared<Impl>(std::forward<Options>(options)...);
    return around(module, call, [module](const Tensors& in) { return module->forward(in[0]); });
}

/// Without a module: a function.
TorchModule function(std::function<Tensor(const Tensors&)> forward)
{
    TorchModule made;
    made.call = std::move(forward);
    return made;
}

template<std::size_t Sides>
torch::ExpandingArray<Sides> sides(const Ints& list)
{
    return list.size() == 1 ? torch::ExpandingArray<Sides>(list[0]) : torch::ExpandingArray<Sides>(torch::IntArrayRef(list));
}

/// One number or a list, as JSON has it.
Ints ints(const nlohmann::json& value)
{
    return value.is_array() ? value.get<Ints>() : Ints{value.get<std::int64_t>()};
}

template<std::size_t Sides, class Impl, class Options>
TorchModule convolution(const Call& call)
{
    Options options(call.size(1), call.integer("out_channels"), sides<Sides>(call.integers("kernel_size")));
    call.given<nlohmann::json>("stride", [&](const nlohmann::json& v) { options.stride(sides<Sides>(ints(v))); });
    call.given<nlohmann::json>("padding", [&](const nlohmann::json& v) { options.padding(sides<Sides>(ints(v))); });
    call.given<nlohmann::json>("dilation", [&](const nlohmann::json& v) { options.dilation(sides<Sides>(ints(v))); });
    call.given<std::int64_t>("groups", [&](std::int64_t v) { options.groups(v); });
    call.given<bool>("bias", [&](bool v) { options.bias(v); });
    if constexpr (std::is_same_v<Impl, nn::ConvTranspose2dImpl>)
        call.given<nlohmann::json>("output_padding", [&](const nlohmann::json& v) { options.output_padding(sides<Sides>(ints(v))); });
    return simple<Impl>(call, options);
}

template<std::size_t Sides, class Options>
Options poolOptions(const Call& call)
{
    Options options(sides<Sides>(call.integers("kernel_size")));
    call.given<nlohmann::json>("stride", [&](const nlohmann::json& v) {
        if (Ints list = ints(v); list != Ints(list.size(), 0)) // 0 is left away: PyTorch's default, the kernel's size
            options.stride(sides<Sides>(list));
    });
    call.given<nlohmann::json>("padding", [&](const nlohmann::json& v) { options.padding(sides<Sides>(ints(v))); });
    call.given<bool>("ceil_mode", [&](bool v) { options.ceil_mode(v); });
    return options;
}

template<std::size_t Sides, class Impl, class Options>
TorchModule maxPool(const Call& call)
{
    Options options = poolOptions<Sides, Options>(call);
    call.given<nlohmann::json>("dilation", [&](const nlohmann::json& v) { options.dilation(sides<Sides>(ints(v))); });
    return simple<Impl>(call, options);
}

template<std::size_t Sides, class Impl, class Options>
TorchModule avgPool(const Call& call)
{
    Options options = poolOptions<Sides, Options>(call);
    call.given<bool>("count_include_pad", [&](bool v) { options.count_include_pad(v); });
    return simple<Impl>(call, options);
}

template<std::size_t Sides, class Impl, class Options>
TorchModule adaptivePool(const Call& call)
{
    const Ints asked = call.integers("output_size");
    if constexpr (Sides == 1)
        return simple<Impl>(call, Options(asked[0]));
    else
        return simple<Impl>(call, Options({asked.front(), asked.back()}));
}

/// By the adaptive pool of one place.
TorchModule globalPool(const Call& call)
{
    const bool largest = call.type == "GlobalMaxPool";
    switch (call.inputs[0].dim()) {
    case 3: return largest ? simple<nn::AdaptiveMaxPool1dImpl>(call, 1) : simple<nn::AdaptiveAvgPool1dImpl>(call, 1);
    case 4: return largest ? simple<nn::AdaptiveMaxPool2dImpl>(call, 1) : simple<nn::AdaptiveAvgPool2dImpl>(call, 1);
    default: return largest ? simple<nn::AdaptiveMaxPool3dImpl>(call, 1) : simple<nn::AdaptiveAvgPool3dImpl>(call, 1);
    }
}

TorchModule globalRow(const Call& call)
{
    TorchModule pool = globalPool(call);
    pool.call = [inner = pool.call](const Tensors& in) { return inner(in).flatten(1); };
    return pool;
}

TorchModule linear(const Call& call)
{
    nn::LinearOptions options(call.inputs[0].size(-1), call.integer("out_features"));
    call.given<bool>("bias", [&](bool v) { options.bias(v); });
    return simple<nn::LinearImpl>(call, options);
}

TorchModule bilinear(const Call& call)
{
    nn::BilinearOptions options(call.size(1), call.size(1, 1), call.integer("out_features"));
    call.given<bool>("bias", [&](bool v) { options.bias(v); });
    const auto module = std::make_shared<nn::BilinearImpl>(options);
    return around(module, call, [module](const Tensors& in) { return module->forward(in[0], in[1]); });
}

/// The fast.ai rule where no width is asked for.
std::int64_t widthOf(std::int64_t values, const Call& call)
{
    const std::int64_t asked = call.integer("embedding_dim");
    return asked > 0 ? asked : std::min<std::int64_t>(50, static_cast<std::int64_t>(std::ceil(1.6 * std::pow(values, 0.56))));
}

/// Of words one table, whose first row is padding; of categories one a column.
TorchModule embedding(const Call& call, bool words)
{
    if (words) {
        const std::int64_t vocabulary = call.context.vocabulary;
        return simple<nn::EmbeddingImpl>(call, nn::EmbeddingOptions(vocabulary, widthOf(vocabulary, call)).padding_idx(0));
    }
    std::vector<std::shared_ptr<nn::EmbeddingImpl>> columns;
    for (const std::int64_t values : call.context.cardinalities) {
        columns.push_back(std::make_shared<nn::EmbeddingImpl>(nn::EmbeddingOptions(values, widthOf(values, call))));
        columns.back()->to(call.dtype);
    }
    TorchModule made;
    made.call = [columns](const Tensors& in) {
        Tensors parts;
        for (std::size_t k = 0; k < columns.size(); ++k)
            parts.push_back(columns[k]->forward(in[0].select(1, static_cast<std::int64_t>(k))));
        return torch::cat(parts, 1);
    };
    made.parameters = [columns] {
        TorchModule::Named named;
        for (std::size_t k = 0; k < columns.size(); ++k)
            named.emplace_back(std::to_string(k) + ".weight", columns[k]->weight);
        return named;
    };
    return made;
}

TorchModule embeddingBag(const Call& call)
{
    nn::EmbeddingBagOptions options(call.context.vocabulary, widthOf(call.context.vocabulary, call));
    options.padding_idx(0);
    call.given<std::string>("mode", [&](const std::string& v) {
        if (v == "sum")
            options.mode(torch::kSum);
        else if (v == "max")
            options.mode(torch::kMax);
    });
    return simple<nn::EmbeddingBagImpl>(call, options);
}

template<class Impl, class Options>
TorchModule recurrent(const Call& call)
{
    Options options(call.size(2), call.integer("hidden_size"));
    options.batch_first(true);
    call.given<std::int64_t>("num_layers", [&](std::int64_t v) { options.num_layers(v); });
    call.given<bool>("bias", [&](bool v) { options.bias(v); });
    call.given<double>("dropout", [&](double v) { options.dropout(v); });
    call.given<bool>("bidirectional", [&](bool v) { options.bidirectional(v); });
    if constexpr (std::is_same_v<Impl, nn::RNNImpl>)
        call.given<std::string>("nonlinearity", [&](const std::string& v) {
            if (v == "relu")
                options.nonlinearity(torch::kReLU);
        });
    const bool last = call.needed("output") == "last", bothWays = call.needed("bidirectional").get<bool>();
    const auto module = std::make_shared<Impl>(options);
    return around(module, call, [module, last, bothWays](const Tensors& in) {
        const Tensor steps = std::get<0>(module->forward(in[0]));
        if (!last)
            return steps;
        // The last layer's final state: of the way forward at the last step, of the way back at the first.
        if (!bothWays)
            return steps.select(1, -1);
        const std::int64_t half = steps.size(2) / 2;
        return torch::cat({steps.select(1, -1).narrow(1, 0, half), steps.select(1, 0).narrow(1, half, half)}, 1);
    });
}

/// The module wants [length, rows, features].
Tensor attend(nn::MultiheadAttentionImpl& module, const Tensor& query, const Tensor& key, const Tensor& value)
{
    return std::get<0>(module.forward(query.transpose(0, 1), key.transpose(0, 1), value.transpose(0, 1))).transpose(0, 1);
}

TorchModule attention(const Call& call)
{
    nn::MultiheadAttentionOptions options(call.size(2), call.integer("num_heads"));
    call.given<double>("dropout", [&](double v) { options.dropout(v); });
    call.given<bool>("bias", [&](bool v) { options.bias(v); });
    const auto module = std::make_shared<nn::MultiheadAttentionImpl>(options);
    return around(module, call, [module](const Tensors& in) {
        const Tensor& key = in.size() > 1 ? in[1] : in[0];
        return attend(*module, in[0], key, in.size() > 2 ? in[2] : key);
    });
}

/// C++'s module has neither layer_norm_eps nor norm_first: where they are asked for, its parts are put together as Python's
/// _sa_block and _ff_block do.
TorchModule encoder(const Call& call)
{
    nn::TransformerEncoderLayerOptions options(call.size(2), call.integer("nhead"));
    call.given<std::int64_t>("dim_feedforward", [&](std::int64_t v) { options.dim_feedforward(v); });
    call.given<double>("dropout", [&](double v) { options.dropout(v); });
    const bool gelu = call.needed("activation") == "gelu", first = call.needed("norm_first").get<bool>();
    if (gelu)
        options.activation(torch::kGELU);
    const auto module = std::make_shared<nn::TransformerEncoderLayerImpl>(options);
    call.given<double>("layer_norm_eps", [&](double v) {
        module->norm1->options.eps(v);
        module->norm2->options.eps(v);
    });
    return around(module, call, [module, gelu, first](const Tensors& in) {
        if (!first)
            return module->forward(in[0].transpose(0, 1)).transpose(0, 1);
        const auto fed = [&](const Tensor& x) {
            const Tensor wide = module->linear1(x);
            return module->dropout2(module->linear2(module->dropout(gelu ? torch::gelu(wide) : torch::relu(wide))));
        };
        const Tensor normed = module->norm1(in[0]);
        const Tensor x = in[0] + module->dropout1(attend(*module->self_attn, normed, normed, normed));
        return x + fed(module->norm2(x));
    });
}

/// No module of PyTorch's: the formula of Vaswani et al. 2017, §3.5, or one trained table, and dropout over the sum.
TorchModule positions(const Call& call)
{
    const std::int64_t length = call.size(1), width = call.size(2);
    Tensor table;
    const bool learned = call.needed("kind") == "learned";
    if (learned) {
        table = torch::zeros({length, width}, call.dtype).set_requires_grad(true);
    } else {
        const Tensor place = torch::arange(length, torch::kDouble).unsqueeze(1);
        const Tensor rates = torch::exp(torch::arange(0, width, 2, torch::kDouble) * (-std::log(10'000.0) / static_cast<double>(width)));
        const Tensor both = torch::stack({torch::sin(place * rates), torch::cos(place * rates)}, 2).flatten(1);
        table = both.narrow(1, 0, width).to(call.dtype);
    }
    const auto drop = std::make_shared<nn::DropoutImpl>(call.needed("dropout").get<double>());
    TorchModule made;
    made.call = [table, drop](const Tensors& in) { return drop->forward(in[0] + table); };
    made.train = [drop](bool on) { drop->train(on); };
    if (learned)
        made.parameters = [table] { return TorchModule::Named{{"weight", table}}; };
    return made;
}

template<class Impl>
TorchModule batchNorm(const Call& call)
{
    nn::BatchNormOptions options(call.size(1));
    call.given<double>("eps", [&](double v) { options.eps(v); });
    call.given<double>("momentum", [&](double v) { options.momentum(v); });
    call.given<bool>("affine", [&](bool v) { options.affine(v); });
    return simple<Impl>(call, options);
}

TorchModule layerNorm(const Call& call)
{
    const Ints sizes = call.inputs[0].sizes().vec();
    nn::LayerNormOptions options(Ints(sizes.end() - call.integer("normalized_dims"), sizes.end()));
    call.given<double>("eps", [&](double v) { options.eps(v); });
    call.given<bool>("elementwise_affine", [&](bool v) { options.elementwise_affine(v); });
    return simple<nn::LayerNormImpl>(call, options);
}

TorchModule groupNorm(const Call& call)
{
    nn::GroupNormOptions options(call.integer("num_groups"), call.size(1));
    call.given<double>("eps", [&](double v) { options.eps(v); });
    call.given<bool>("affine", [&](bool v) { options.affine(v); });
    return simple<nn::GroupNormImpl>(call, options);
}

TorchModule instanceNorm(const Call& call)
{
    nn::InstanceNormOptions options(call.size(1));
    call.given<double>("eps", [&](double v) { options.eps(v); });
    call.given<bool>("affine", [&](bool v) { options.affine(v); });
    return simple<nn::InstanceNorm2dImpl>(call, options);
}

TorchModule reshape(const Call& call)
{
    Ints sizes = call.integers("shape");
    const std::int64_t count = call.inputs[0].numel() / call.size(0);
    std::int64_t known = 1;
    for (const std::int64_t size : sizes)
        known *= size == -1 ? 1 : size;
    const std::size_t rank = sizes.size();
    if (rank > 2 && sizes[rank - 1] == -1 && sizes[rank - 2] == -1) // a square
        sizes[rank - 1] = sizes[rank - 2] = std::llround(std::sqrt(count / known));
    return function([sizes](const Tensors& in) {
        Ints all{in[0].size(0)};
        all.insert(all.end(), sizes.begin(), sizes.end());
        return in[0].reshape(all);
    });
}

TorchModule upsample(const Call& call)
{
    const Ints scale = call.integers("scale_factor");
    nn::UpsampleOptions options;
    options.scale_factor(std::vector<double>{static_cast<double>(scale.front()), static_cast<double>(scale.back())});
    if (call.needed("mode") == "bilinear")
        options.mode(torch::kBilinear).align_corners(false);
    return simple<nn::UpsampleImpl>(call, options);
}

TorchModule zeroPad(const Call& call)
{
    Ints sides = call.integers("padding");
    if (sides.size() == 1)
        sides.assign(4, sides.front());
    return simple<nn::ZeroPad2dImpl>(call, torch::ExpandingArray<4>(torch::IntArrayRef(sides)));
}

TorchModule hardswish(const Call&)
{
    const auto six = std::make_shared<nn::ReLU6Impl>(); // C++ has no module of it: Howard et al. 2019, §5.2
    return function([six](const Tensors& in) { return in[0] * six->forward(in[0] + 3.0) / 6.0; });
}

TorchModule activation(const Call& call)
{
    const std::string& type = call.type;
    if (type == "LeakyReLU") {
        nn::LeakyReLUOptions options;
        call.given<double>("negative_slope", [&](double v) { options.negative_slope(v); });
        return simple<nn::LeakyReLUImpl>(call, options);
    }
    if (type == "PReLU") {
        nn::PReLUOptions options;
        call.given<std::int64_t>("num_parameters", [&](std::int64_t v) { options.num_parameters(v); });
        call.given<double>("init", [&](double v) { options.init(v); });
        return simple<nn::PReLUImpl>(call, options);
    }
    if (type == "ELU") {
        nn::ELUOptions options;
        call.given<double>("alpha", [&](double v) { options.alpha(v); });
        return simple<nn::ELUImpl>(call, options);
    }
    if (type == "GELU") {
        nn::GELUOptions options;
        call.given<std::string>("approximate", [&](const std::string& v) { options.approximate(v); });
        TorchModule gelu = simple<nn::GELUImpl>(call, options);
        // LibTorch 1.13 with oneDNN takes a gradient that is not contiguous, as recurrent layers give, for one that is.
        gelu.call = [inner = gelu.call](const Tensors& in) {
            const Tensor result = inner(in);
            if (result.requires_grad())
                result.register_hook([](const Tensor& gradient) { return gradient.contiguous(); });
            return result;
        };
        return gelu;
    }
    nn::SoftplusOptions options;
    call.given<double>("beta", [&](double v) { options.beta(v); });
    call.given<double>("threshold", [&](double v) { options.threshold(v); });
    return simple<nn::SoftplusImpl>(call, options);
}

template<class Impl>
TorchModule dropout(const Call& call)
{
    nn::DropoutOptions options;
    call.given<double>("p", [&](double v) { options.p(v); });
    return simple<Impl>(call, options);
}

template<class Impl>
TorchModule plain(const Call& call)
{
    return simple<Impl>(call);
}

template<class Impl>
TorchModule softmax(const Call& call)
{
    return simple<Impl>(call, call.integer("dim"));
}

TorchModule sum(const Call&)
{
    return function([](const Tensors& in) {
        Tensor total = in[0];
        for (std::size_t k = 1; k < in.size(); ++k)
            total = total + in[k];
        return total;
    });
}

TorchModule multiplied(const Call&)
{
    return function([](const Tensors& in) {
        Tensor total = in[0];
        for (std::size_t k = 1; k < in.size(); ++k)
            total = total * in[k];
        return total;
    });
}

TorchModule concat(const Call& call)
{
    std::int64_t dim = 1; // torch.cat has no default that leaves the batch alone
    call.given<std::int64_t>("dim", [&](std::int64_t v) { dim = v; });
    return function([dim](const Tensors& in) { return torch::cat(in, dim); });
}

TorchModule permute(const Call& call)
{
    Ints dims = call.integers("dims");
    dims.insert(dims.begin(), 0);
    return function([dims](const Tensors& in) { return in[0].permute(dims); });
}

using Maker = TorchModule (*)(const Call&);
const std::map<std::string, Maker> makers{
    {"Linear", linear}, {"Bilinear", bilinear}, {"EmbeddingBag", embeddingBag},
    {"Conv1d", convolution<1, nn::Conv1dImpl, nn::Conv1dOptions>}, {"Conv2d", convolution<2, nn::Conv2dImpl, nn::Conv2dOptions>},
    {"Conv3d", convolution<3, nn::Conv3dImpl, nn::Conv3dOptions>}, {"ConvTranspose2d", convolution<2, nn::ConvTranspose2dImpl, nn::ConvTranspose2dOptions>},
    {"MaxPool1d", maxPool<1, nn::MaxPool1dImpl, nn::MaxPool1dOptions>}, {"MaxPool2d", maxPool<2, nn::MaxPool2dImpl, nn::MaxPool2dOptions>},
    {"MaxPool3d", maxPool<3, nn::MaxPool3dImpl, nn::MaxPool3dOptions>}, {"AvgPool1d", avgPool<1, nn::AvgPool1dImpl, nn::AvgPool1dOptions>},
    {"AvgPool2d", avgPool<2, nn::AvgPool2dImpl, nn::AvgPool2dOptions>}, {"AvgPool3d", avgPool<3, nn::AvgPool3dImpl, nn::AvgPool3dOptions>},
    {"AdaptiveMaxPool1d", adaptivePool<1, nn::AdaptiveMaxPool1dImpl, nn::AdaptiveMaxPool1dOptions>}, {"AdaptiveMaxPool2d", adaptivePool<2, nn::AdaptiveMaxPool2dImpl, nn::AdaptiveMaxPool2dOptions>},
    {"AdaptiveAvgPool1d", adaptivePool<1, nn::AdaptiveAvgPool1dImpl, nn::AdaptiveAvgPool1dOptions>}, {"AdaptiveAvgPool2d", adaptivePool<2, nn::AdaptiveAvgPool2dImpl, nn::AdaptiveAvgPool2dOptions>},
    {"GlobalAvgPool", globalRow}, {"GlobalMaxPool", globalRow},
    {"RNN", recurrent<nn::RNNImpl, nn::RNNOptions>}, {"LSTM", recurrent<nn::LSTMImpl, nn::LSTMOptions>}, {"GRU", recurrent<nn::GRUImpl, nn::GRUOptions>},
    {"MultiheadAttention", attention}, {"TransformerEncoderLayer", encoder}, {"PositionalEncoding", positions},
    {"ReLU", plain<nn::ReLUImpl>}, {"LeakyReLU", activation}, {"PReLU", activation}, {"ELU", activation}, {"SELU", plain<nn::SELUImpl>},
    {"GELU", activation}, {"SiLU", plain<nn::SiLUImpl>}, {"Mish", plain<nn::MishImpl>}, {"Tanh", plain<nn::TanhImpl>},
    {"Sigmoid", plain<nn::SigmoidImpl>}, {"Softplus", activation}, {"Hardswish", hardswish}, {"Softmax", softmax<nn::SoftmaxImpl>},
    {"LogSoftmax", softmax<nn::LogSoftmaxImpl>}, {"BatchNorm1d", batchNorm<nn::BatchNorm1dImpl>}, {"BatchNorm2d", batchNorm<nn::BatchNorm2dImpl>},
    {"LayerNorm", layerNorm}, {"GroupNorm", groupNorm}, {"InstanceNorm2d", instanceNorm}, {"Dropout", dropout<nn::DropoutImpl>},
    {"Dropout2d", dropout<nn::Dropout2dImpl>}, {"AlphaDropout", dropout<nn::AlphaDropoutImpl>}, {"Flatten", plain<nn::FlattenImpl>},
    {"Reshape", reshape}, {"Permute", permute}, {"Concat", concat}, {"Add", sum}, {"Multiply", multiplied}, {"Upsample", upsample},
    {"ZeroPad2d", zeroPad}, {"Identity", plain<nn::IdentityImpl>}};

} // namespace

TorchModule makeTorchModule(const std::string& type, const ParamValues& params, const std::vector<at::Tensor>& inputs, bool words,
                            const NetworkContext& context, at::ScalarType dtype)
{
    const Call call{type, params, inputs, context, dtype};
    return type == "Embedding" ? embedding(call, words) : makers.at(type)(call);
}

} // namespace limpid::test
