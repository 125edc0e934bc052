#include "ui/text/LayerTexts.h"

#include <QCoreApplication>

#include <string_view>

namespace limpid {

namespace {

/// `types`: the layers that have the setting, apart by spaces; "*" is any other.
struct SettingText {
    const char* types;
    const char* name;
    const char* label;
    const char* help;
};

// clang-format off
const SettingText settingTexts[] = {
    {"Input", "features", QT_TRANSLATE_NOOP("ParamTexts", "Columns"),
     QT_TRANSLATE_NOOP("ParamTexts", "Which columns come in here: numbers, yes/no values and dates (numbers), the indices of categories, which an Embedding takes (categories), or the words of text columns (text). Usual: one Input of each.")},
    {"Linear Bilinear", "out_features", QT_TRANSLATE_NOOP("ParamTexts", "Outputs"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many values the layer gives: its width. More can learn more and overfits sooner. Usual: 8 to 512.")},
    {"Linear Bilinear", "bias", QT_TRANSLATE_NOOP("ParamTexts", "Bias"),
     QT_TRANSLATE_NOOP("ParamTexts", "Adds a learnt constant to each output. Usual: on; off right before a normalising layer.")},
    {"Embedding EmbeddingBag", "embedding_dim", QT_TRANSLATE_NOOP("ParamTexts", "Width"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many numbers stand for one category or word. Usual: 2 to 50; 0 chooses by the number of different values.")},
    {"EmbeddingBag", "mode", QT_TRANSLATE_NOOP("ParamTexts", "Joined by"),
     QT_TRANSLATE_NOOP("ParamTexts", "What becomes of the words' numbers: their mean, their sum, or the largest of each. Usual: mean.")},
    {"Conv1d Conv2d Conv3d ConvTranspose2d", "out_channels", QT_TRANSLATE_NOOP("ParamTexts", "Channels"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many kernels are learnt: each gives one channel of the output. Usual: 8 to 256.")},
    {"Conv1d Conv2d Conv3d ConvTranspose2d", "kernel_size", QT_TRANSLATE_NOOP("ParamTexts", "Kernel"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many places wide the window is that each output value sees; one number for all sides, or one a side, like 3, 5. Usual: 1 to 7.")},
    {"Conv1d Conv2d Conv3d ConvTranspose2d", "stride", QT_TRANSLATE_NOOP("ParamTexts", "Stride"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many places the window moves at a time; 2 halves the image, or doubles it in a transposed convolution. Usual: 1 to 2.")},
    {"Conv1d Conv2d Conv3d ConvTranspose2d", "padding", QT_TRANSLATE_NOOP("ParamTexts", "Padding"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many zeros are added at each edge; half the kernel keeps the size. A transposed convolution takes as many away. Usual: 0 to 3.")},
    {"ConvTranspose2d", "output_padding", QT_TRANSLATE_NOOP("ParamTexts", "Output padding"),
     QT_TRANSLATE_NOOP("ParamTexts", "Rows and columns added at one edge of the output, to choose among the sizes that a stride leaves open. Usual: 0 to 1.")},
    {"Conv1d Conv2d Conv3d ConvTranspose2d", "dilation", QT_TRANSLATE_NOOP("ParamTexts", "Dilation"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many places lie from one value of the kernel to the next; above 1 it sees further with as few weights. Usual: 1 to 2.")},
    {"Conv1d Conv2d Conv3d ConvTranspose2d", "groups", QT_TRANSLATE_NOOP("ParamTexts", "Groups"),
     QT_TRANSLATE_NOOP("ParamTexts", "Splits the channels into groups that do not see each other; as many as there are channels is a depthwise convolution. Usual: 1.")},
    {"Conv1d Conv2d Conv3d ConvTranspose2d", "bias", QT_TRANSLATE_NOOP("ParamTexts", "Bias"),
     QT_TRANSLATE_NOOP("ParamTexts", "Adds a learnt constant to each channel. Usual: on; off right before a normalising layer.")},
    {"MaxPool1d MaxPool2d MaxPool3d", "kernel_size", QT_TRANSLATE_NOOP("ParamTexts", "Window"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many places wide the window is of which the largest value is kept; one number for all sides, or one a side. Usual: 2 to 3.")},
    {"AvgPool1d AvgPool2d AvgPool3d", "kernel_size", QT_TRANSLATE_NOOP("ParamTexts", "Window"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many places wide the window is whose mean is kept; one number for all sides, or one a side. Usual: 2 to 3.")},
    {"MaxPool1d MaxPool2d MaxPool3d AvgPool1d AvgPool2d AvgPool3d", "stride", QT_TRANSLATE_NOOP("ParamTexts", "Stride"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many places the window moves at a time; 0 takes its own size. Usual: 2 to 3.")},
    {"MaxPool1d MaxPool2d MaxPool3d", "padding", QT_TRANSLATE_NOOP("ParamTexts", "Padding"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many places are added at each edge, which are never the largest. Usual: 0 to 1.")},
    {"AvgPool1d AvgPool2d AvgPool3d", "padding", QT_TRANSLATE_NOOP("ParamTexts", "Padding"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many zeros are added at each edge. Usual: 0 to 1.")},
    {"MaxPool1d MaxPool2d MaxPool3d", "dilation", QT_TRANSLATE_NOOP("ParamTexts", "Dilation"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many places lie from one value of the window to the next. Usual: 1 to 2.")},
    {"MaxPool1d MaxPool2d MaxPool3d AvgPool1d AvgPool2d AvgPool3d", "ceil_mode", QT_TRANSLATE_NOOP("ParamTexts", "Keep the rest"),
     QT_TRANSLATE_NOOP("ParamTexts", "Whether what lies at the far edge and fills no whole window gives a value too. Usual: off.")},
    {"AvgPool1d AvgPool2d AvgPool3d", "count_include_pad", QT_TRANSLATE_NOOP("ParamTexts", "Count padding"),
     QT_TRANSLATE_NOOP("ParamTexts", "Whether the zeros of the padding count in the mean. Usual: on.")},
    {"AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveAvgPool1d AdaptiveAvgPool2d", "output_size", QT_TRANSLATE_NOOP("ParamTexts", "Output size"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many places are left along each side, whatever the input's size; one number for all sides, or one a side. Usual: 1 to 7.")},
    {"RNN LSTM GRU", "hidden_size", QT_TRANSLATE_NOOP("ParamTexts", "Units"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many values the layer remembers from step to step. Usual: 16 to 512.")},
    {"RNN LSTM GRU", "num_layers", QT_TRANSLATE_NOOP("ParamTexts", "Layers"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many such layers lie on one another. Usual: 1 to 3.")},
    {"RNN", "nonlinearity", QT_TRANSLATE_NOOP("ParamTexts", "Non-linearity"),
     QT_TRANSLATE_NOOP("ParamTexts", "What bends the state at each step. Usual: tanh.")},
    {"RNN LSTM GRU", "bias", QT_TRANSLATE_NOOP("ParamTexts", "Bias"),
     QT_TRANSLATE_NOOP("ParamTexts", "Adds learnt constants. Usual: on.")},
    {"RNN LSTM GRU", "dropout", QT_TRANSLATE_NOOP("ParamTexts", "Dropout"),
     QT_TRANSLATE_NOOP("ParamTexts", "The share of values set to zero between the layers while training; without effect for a single layer. Usual: 0 to 0.5.")},
    {"RNN LSTM GRU", "bidirectional", QT_TRANSLATE_NOOP("ParamTexts", "Both ways"),
     QT_TRANSLATE_NOOP("ParamTexts", "Reads the sequence from its end as well, and gives both results side by side. Usual: off.")},
    {"RNN LSTM GRU", "output", QT_TRANSLATE_NOOP("ParamTexts", "Gives"),
     QT_TRANSLATE_NOOP("ParamTexts", "What is passed on: a value for every step (sequence), or what is remembered at the end (last). Usual: last before a Linear layer.")},
    {"MultiheadAttention", "num_heads", QT_TRANSLATE_NOOP("ParamTexts", "Heads"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many places of the sequence each step looks at in its own way at once; the features must be divisible by it. Usual: 1 to 16.")},
    {"TransformerEncoderLayer", "nhead", QT_TRANSLATE_NOOP("ParamTexts", "Heads"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many places of the sequence each step looks at in its own way at once; the features must be divisible by it. Usual: 1 to 16.")},
    {"MultiheadAttention", "bias", QT_TRANSLATE_NOOP("ParamTexts", "Bias"),
     QT_TRANSLATE_NOOP("ParamTexts", "Adds learnt constants to the projections. Usual: on.")},
    {"MultiheadAttention", "dropout", QT_TRANSLATE_NOOP("ParamTexts", "Dropout"),
     QT_TRANSLATE_NOOP("ParamTexts", "The share of the attention set to zero while training. Usual: 0 to 0.3.")},
    {"TransformerEncoderLayer", "dim_feedforward", QT_TRANSLATE_NOOP("ParamTexts", "Inner width"),
     QT_TRANSLATE_NOOP("ParamTexts", "Width of the two Linear layers behind the attention. Usual: 64 to 2048, some four times the features.")},
    {"TransformerEncoderLayer PositionalEncoding", "dropout", QT_TRANSLATE_NOOP("ParamTexts", "Dropout"),
     QT_TRANSLATE_NOOP("ParamTexts", "The share of values set to zero while training. Usual: 0.1 to 0.3.")},
    {"TransformerEncoderLayer", "activation", QT_TRANSLATE_NOOP("ParamTexts", "Activation"),
     QT_TRANSLATE_NOOP("ParamTexts", "What bends the values between the two Linear layers. Usual: relu or gelu.")},
    {"TransformerEncoderLayer", "layer_norm_eps", QT_TRANSLATE_NOOP("ParamTexts", "Epsilon"),
     QT_TRANSLATE_NOOP("ParamTexts", "Added to the variance, so that nothing is divided by zero. Usual: 0.000001 to 0.001.")},
    {"TransformerEncoderLayer", "norm_first", QT_TRANSLATE_NOOP("ParamTexts", "Normalise first"),
     QT_TRANSLATE_NOOP("ParamTexts", "Normalises before attention and Linear layers instead of after them, which is easier to train when deep. Usual: off.")},
    {"PositionalEncoding", "kind", QT_TRANSLATE_NOOP("ParamTexts", "Kind"),
     QT_TRANSLATE_NOOP("ParamTexts", "Fixed waves of sine and cosine (sinusoidal), or numbers learnt for each place (learned). Usual: sinusoidal.")},
    {"PReLU", "num_parameters", QT_TRANSLATE_NOOP("ParamTexts", "Slopes"),
     QT_TRANSLATE_NOOP("ParamTexts", "1 for one slope in all, or as many as there are channels, one each. Usual: 1.")},
    {"PReLU", "init", QT_TRANSLATE_NOOP("ParamTexts", "Start"),
     QT_TRANSLATE_NOOP("ParamTexts", "What the slope starts as. Usual: 0.1 to 0.3.")},
    {"LeakyReLU", "negative_slope", QT_TRANSLATE_NOOP("ParamTexts", "Negative slope"),
     QT_TRANSLATE_NOOP("ParamTexts", "The share of a negative value that is let through. Usual: 0.01 to 0.3.")},
    {"ELU", "alpha", QT_TRANSLATE_NOOP("ParamTexts", "Alpha"),
     QT_TRANSLATE_NOOP("ParamTexts", "Very negative values end at minus this. Usual: 0.5 to 2.")},
    {"GELU", "approximate", QT_TRANSLATE_NOOP("ParamTexts", "Approximation"),
     QT_TRANSLATE_NOOP("ParamTexts", "Exact (none) or by a faster formula with the hyperbolic tangent (tanh). Usual: none.")},
    {"Softplus", "beta", QT_TRANSLATE_NOOP("ParamTexts", "Beta"),
     QT_TRANSLATE_NOOP("ParamTexts", "How sharp the bend at zero is. Usual: 0.5 to 5.")},
    {"Softplus", "threshold", QT_TRANSLATE_NOOP("ParamTexts", "Threshold"),
     QT_TRANSLATE_NOOP("ParamTexts", "Above this (times beta) the value passes unchanged, to stay exact. Usual: 10 to 30.")},
    {"Softmax LogSoftmax", "dim", QT_TRANSLATE_NOOP("ParamTexts", "Dimension"),
     QT_TRANSLATE_NOOP("ParamTexts", "Along which dimension the values add up to 1: 1 is the first after the rows, -1 the last. Usual: -1.")},
    {"BatchNorm1d BatchNorm2d LayerNorm GroupNorm InstanceNorm2d", "eps", QT_TRANSLATE_NOOP("ParamTexts", "Epsilon"),
     QT_TRANSLATE_NOOP("ParamTexts", "Added to the variance, so that nothing is divided by zero. Usual: 0.000001 to 0.001.")},
    {"BatchNorm1d BatchNorm2d", "momentum", QT_TRANSLATE_NOOP("ParamTexts", "Momentum"),
     QT_TRANSLATE_NOOP("ParamTexts", "The share of each batch in the running mean and variance that are used when predicting. Usual: 0.01 to 0.2.")},
    {"BatchNorm1d BatchNorm2d GroupNorm InstanceNorm2d", "affine", QT_TRANSLATE_NOOP("ParamTexts", "Learn scale and shift"),
     QT_TRANSLATE_NOOP("ParamTexts", "Whether each channel gets a learnt scale and shift after it is normalised. Usual: on.")},
    {"LayerNorm", "elementwise_affine", QT_TRANSLATE_NOOP("ParamTexts", "Learn scale and shift"),
     QT_TRANSLATE_NOOP("ParamTexts", "Whether each value gets a learnt scale and shift after it is normalised. Usual: on.")},
    {"LayerNorm", "normalized_dims", QT_TRANSLATE_NOOP("ParamTexts", "Dimensions"),
     QT_TRANSLATE_NOOP("ParamTexts", "Over how many of the last dimensions mean and deviation are taken. Usual: 1; 3 for whole images.")},
    {"GroupNorm", "num_groups", QT_TRANSLATE_NOOP("ParamTexts", "Groups"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many groups of channels are normalised apart; the channels must be divisible by it. Usual: 1 to 32.")},
    {"Dropout AlphaDropout", "p", QT_TRANSLATE_NOOP("ParamTexts", "Probability"),
     QT_TRANSLATE_NOOP("ParamTexts", "The share of values set to zero at each training step, against overfitting. Usual: 0.05 to 0.5.")},
    {"Dropout2d", "p", QT_TRANSLATE_NOOP("ParamTexts", "Probability"),
     QT_TRANSLATE_NOOP("ParamTexts", "The share of whole channels set to zero at each training step, against overfitting. Usual: 0.05 to 0.5.")},
    {"Reshape", "shape", QT_TRANSLATE_NOOP("ParamTexts", "Shape"),
     QT_TRANSLATE_NOOP("ParamTexts", "Sizes after the rows, like 1, 28, 28 (channels, height, width) or 24, 3 (steps, features); -1 is what is left, and a last pair of -1 a square. Usual: 1, -1, -1 for grey images.")},
    {"Permute", "dims", QT_TRANSLATE_NOOP("ParamTexts", "Order"),
     QT_TRANSLATE_NOOP("ParamTexts", "Which dimension comes where, 1 being the first after the rows: 2, 1 turns steps × features into channels × steps. Usual: 2, 1.")},
    {"Concat", "dim", QT_TRANSLATE_NOOP("ParamTexts", "Dimension"),
     QT_TRANSLATE_NOOP("ParamTexts", "Along which dimension the inputs are joined: 1 is the first after the rows (features, channels), -1 the last. Usual: 1.")},
    {"Upsample", "scale_factor", QT_TRANSLATE_NOOP("ParamTexts", "Factor"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many times as large the image becomes; one number for both sides, or one each. Usual: 2 to 4.")},
    {"Upsample", "mode", QT_TRANSLATE_NOOP("ParamTexts", "Mode"),
     QT_TRANSLATE_NOOP("ParamTexts", "Each pixel repeated (nearest), or a smooth transition (bilinear). Usual: nearest.")},
    {"ZeroPad2d", "padding", QT_TRANSLATE_NOOP("ParamTexts", "Padding"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many zeros are added at each edge: one number for all, or left, right, top and bottom. Usual: 1 to 3.")},
    {"Block", "block", QT_TRANSLATE_NOOP("ParamTexts", "Block"),
     QT_TRANSLATE_NOOP("ParamTexts", "The named block that stands here. Every use has weights of its own. Usual: the part that the network repeats.")},
    {"Block", "repeat", QT_TRANSLATE_NOOP("ParamTexts", "Repeat"),
     QT_TRANSLATE_NOOP("ParamTexts", "How often it stands here, one after the other. Usual: 1 to 8.")},
    {"BlockInput", "port", QT_TRANSLATE_NOOP("ParamTexts", "Port"),
     QT_TRANSLATE_NOOP("ParamTexts", "Which of the block's inputs comes in here, the first being 0. Usual: 0.")},
    {"*", "weight_init", QT_TRANSLATE_NOOP("ParamTexts", "Initialiser"),
     QT_TRANSLATE_NOOP("ParamTexts", "What the weights start as, before training. Usual: default; kaiming_normal before ReLU, xavier_uniform before Tanh.")},
    {"*", "freeze", QT_TRANSLATE_NOOP("ParamTexts", "Freeze"),
     QT_TRANSLATE_NOOP("ParamTexts", "Keeps the layer's weights as they start, while the others are trained. Usual: off.")},
};

struct LayerText {
    const char* type;
    const char* help;
    const char* formula; ///< needs no translation but for its words
};

const LayerText layerTexts[] = {
    {"Input", QT_TRANSLATE_NOOP("ParamTexts", "The table's columns, as the preparation encoded them, enter the network here."), ""},
    {"Linear", QT_TRANSLATE_NOOP("ParamTexts", "Every output is a learnt weighted sum of all inputs: the workhorse of networks for tables."), "y = x·Wᵀ + b"},
    {"Bilinear", QT_TRANSLATE_NOOP("ParamTexts", "A learnt weighted sum of all products of one input's values with the other's."), "y = x₁ᵀ·W·x₂ + b"},
    {"Embedding", QT_TRANSLATE_NOOP("ParamTexts", "Learns a few numbers for every category or word, so that similar ones come to lie together."), "y = W[x]"},
    {"EmbeddingBag", QT_TRANSLATE_NOOP("ParamTexts", "Learns a few numbers for every word and joins those of a whole text, whatever the words' order."), QT_TRANSLATE_NOOP("ParamTexts", "y = mean of W[xᵢ]")},
    {"Conv1d", QT_TRANSLATE_NOOP("ParamTexts", "Slides small learnt kernels along a sequence: each looks for the same pattern everywhere."), "y = W ⋆ x + b"},
    {"Conv2d", QT_TRANSLATE_NOOP("ParamTexts", "Slides small learnt kernels over an image: each looks for the same pattern everywhere."), "y = W ⋆ x + b"},
    {"Conv3d", QT_TRANSLATE_NOOP("ParamTexts", "Slides small learnt kernels through a volume: each looks for the same pattern everywhere."), "y = W ⋆ x + b"},
    {"ConvTranspose2d", QT_TRANSLATE_NOOP("ParamTexts", "The way back of a Conv2d: makes an image larger with learnt kernels."), "y = Wᵀ ⋆ x + b"},
    {"MaxPool1d", QT_TRANSLATE_NOOP("ParamTexts", "Makes a sequence smaller: keeps the largest value of each window."), QT_TRANSLATE_NOOP("ParamTexts", "y = max of the window")},
    {"MaxPool2d", QT_TRANSLATE_NOOP("ParamTexts", "Makes an image smaller: keeps the largest value of each window."), QT_TRANSLATE_NOOP("ParamTexts", "y = max of the window")},
    {"MaxPool3d", QT_TRANSLATE_NOOP("ParamTexts", "Makes a volume smaller: keeps the largest value of each window."), QT_TRANSLATE_NOOP("ParamTexts", "y = max of the window")},
    {"AvgPool1d", QT_TRANSLATE_NOOP("ParamTexts", "Makes a sequence smaller: keeps the mean of each window."), QT_TRANSLATE_NOOP("ParamTexts", "y = mean of the window")},
    {"AvgPool2d", QT_TRANSLATE_NOOP("ParamTexts", "Makes an image smaller: keeps the mean of each window."), QT_TRANSLATE_NOOP("ParamTexts", "y = mean of the window")},
    {"AvgPool3d", QT_TRANSLATE_NOOP("ParamTexts", "Makes a volume smaller: keeps the mean of each window."), QT_TRANSLATE_NOOP("ParamTexts", "y = mean of the window")},
    {"AdaptiveMaxPool1d", QT_TRANSLATE_NOOP("ParamTexts", "Makes a sequence of any length as long as one says: keeps the largest value of each part."), QT_TRANSLATE_NOOP("ParamTexts", "y = max of the part")},
    {"AdaptiveMaxPool2d", QT_TRANSLATE_NOOP("ParamTexts", "Makes an image of any size as large as one says: keeps the largest value of each part."), QT_TRANSLATE_NOOP("ParamTexts", "y = max of the part")},
    {"AdaptiveAvgPool1d", QT_TRANSLATE_NOOP("ParamTexts", "Makes a sequence of any length as long as one says: keeps the mean of each part."), QT_TRANSLATE_NOOP("ParamTexts", "y = mean of the part")},
    {"AdaptiveAvgPool2d", QT_TRANSLATE_NOOP("ParamTexts", "Makes an image of any size as large as one says: keeps the mean of each part."), QT_TRANSLATE_NOOP("ParamTexts", "y = mean of the part")},
    {"GlobalAvgPool", QT_TRANSLATE_NOOP("ParamTexts", "Keeps one value of each channel: its mean over all places."), QT_TRANSLATE_NOOP("ParamTexts", "y = mean of the channel")},
    {"GlobalMaxPool", QT_TRANSLATE_NOOP("ParamTexts", "Keeps one value of each channel: its largest."), QT_TRANSLATE_NOOP("ParamTexts", "y = max of the channel")},
    {"RNN", QT_TRANSLATE_NOOP("ParamTexts", "Reads a sequence step by step and remembers a state; forgets soon."), "h′ = tanh(W·x + U·h + b)"},
    {"LSTM", QT_TRANSLATE_NOOP("ParamTexts", "Reads a sequence step by step; gates decide what is kept in its long memory."), "c′ = f∘c + i∘g,  h′ = o∘tanh(c′)"},
    {"GRU", QT_TRANSLATE_NOOP("ParamTexts", "Reads a sequence step by step like an LSTM, with fewer gates and weights."), "h′ = (1 − z)∘n + z∘h"},
    {"MultiheadAttention", QT_TRANSLATE_NOOP("ParamTexts", "Every step gathers what it needs from all others, weighted by how well they match."), "y = softmax(Q·Kᵀ / √d)·V"},
    {"TransformerEncoderLayer", QT_TRANSLATE_NOOP("ParamTexts", "Attention and two Linear layers with shortcuts and norms: what transformers are stacked of."), QT_TRANSLATE_NOOP("ParamTexts", "y = norm(z + W₂·f(W₁·z)),  z = norm(x + attention(x))")},
    {"PositionalEncoding", QT_TRANSLATE_NOOP("ParamTexts", "Adds to each step where in the sequence it stands, which attention does not see by itself."), "y = x + p,  p = sin, cos(t / 10000^(2i/d))"},
    {"ReLU", QT_TRANSLATE_NOOP("ParamTexts", "Sets negative values to zero: the usual bend between Linear layers."), "y = max(0, x)"},
    {"LeakyReLU", QT_TRANSLATE_NOOP("ParamTexts", "Like ReLU, but lets a small share of negative values through, so that no unit falls silent."), "y = max(0, x) + s·min(0, x)"},
    {"PReLU", QT_TRANSLATE_NOOP("ParamTexts", "A leaky ReLU that learns how much of negative values it lets through."), "y = max(0, x) + a·min(0, x)"},
    {"ELU", QT_TRANSLATE_NOOP("ParamTexts", "Like ReLU, but bends smoothly to a negative limit, which keeps the mean near zero."), "y = x > 0 ? x : α·(eˣ − 1)"},
    {"SELU", QT_TRANSLATE_NOOP("ParamTexts", "A scaled ELU under which deep stacks of Linear layers keep mean 0 and deviation 1 by themselves."), "y = 1.0507·(x > 0 ? x : 1.6733·(eˣ − 1))"},
    {"GELU", QT_TRANSLATE_NOOP("ParamTexts", "A smooth ReLU, weighted by the normal distribution, as transformers use it."), "y = x·Φ(x)"},
    {"SiLU", QT_TRANSLATE_NOOP("ParamTexts", "The value times its sigmoid, also called swish: a smooth ReLU."), "y = x·σ(x)"},
    {"Mish", QT_TRANSLATE_NOOP("ParamTexts", "A smooth ReLU that dips a little below zero."), "y = x·tanh(ln(1 + eˣ))"},
    {"Tanh", QT_TRANSLATE_NOOP("ParamTexts", "Squeezes values between −1 and 1."), "y = tanh(x)"},
    {"Sigmoid", QT_TRANSLATE_NOOP("ParamTexts", "Squeezes values between 0 and 1. Not needed at the output: the loss does it there."), "y = 1 / (1 + e⁻ˣ)"},
    {"Softplus", QT_TRANSLATE_NOOP("ParamTexts", "A ReLU with a smooth bend; always above zero."), "y = ln(1 + e^(βx)) / β"},
    {"Hardswish", QT_TRANSLATE_NOOP("ParamTexts", "A swish made of straight lines, which is faster."), "y = x·min(max(x + 3, 0), 6) / 6"},
    {"Softmax", QT_TRANSLATE_NOOP("ParamTexts", "Turns values into shares that add up to 1. Not needed at the output: the loss does it there."), "yᵢ = e^xᵢ / Σ e^xⱼ"},
    {"LogSoftmax", QT_TRANSLATE_NOOP("ParamTexts", "The logarithm of Softmax. Not needed at the output: the loss does it there."), "yᵢ = xᵢ − ln Σ e^xⱼ"},
    {"BatchNorm1d", QT_TRANSLATE_NOOP("ParamTexts", "Brings each value or channel to mean 0 and deviation 1 over the batch, which makes training faster and steadier."), "y = (x − μ) / √(σ² + ε)·γ + β"},
    {"BatchNorm2d", QT_TRANSLATE_NOOP("ParamTexts", "Brings each channel of an image to mean 0 and deviation 1 over the batch, which makes training faster and steadier."), "y = (x − μ) / √(σ² + ε)·γ + β"},
    {"LayerNorm", QT_TRANSLATE_NOOP("ParamTexts", "Brings the values of each row to mean 0 and deviation 1; independent of the batch."), "y = (x − μ) / √(σ² + ε)·γ + β"},
    {"GroupNorm", QT_TRANSLATE_NOOP("ParamTexts", "Brings groups of channels of each row to mean 0 and deviation 1; independent of the batch."), "y = (x − μ) / √(σ² + ε)·γ + β"},
    {"InstanceNorm2d", QT_TRANSLATE_NOOP("ParamTexts", "Brings each channel of each image to mean 0 and deviation 1: takes its contrast away."), "y = (x − μ) / √(σ² + ε)"},
    {"Dropout", QT_TRANSLATE_NOOP("ParamTexts", "Sets random values to zero while training, so that the network does not rely on single ones."), "y = x·m / (1 − p)"},
    {"Dropout2d", QT_TRANSLATE_NOOP("ParamTexts", "Sets random whole channels of an image to zero while training, so that the network does not rely on single ones."), "y = x·m / (1 − p)"},
    {"AlphaDropout", QT_TRANSLATE_NOOP("ParamTexts", "A dropout for SELU: keeps mean 0 and deviation 1."), ""},
    {"Flatten", QT_TRANSLATE_NOOP("ParamTexts", "Lays an image or a sequence out as one row of values, as Linear layers take it."), ""},
    {"Reshape", QT_TRANSLATE_NOOP("ParamTexts", "Makes a row of values into an image or a sequence, in their order."), ""},
    {"Permute", QT_TRANSLATE_NOOP("ParamTexts", "Changes the order of the dimensions: steps × features into channels × steps, for instance."), ""},
    {"Concat", QT_TRANSLATE_NOOP("ParamTexts", "Puts its inputs side by side into one wider row; images channel after channel."), ""},
    {"Add", QT_TRANSLATE_NOOP("ParamTexts", "Adds inputs of the same shape, as in a shortcut around layers; sizes of 1 are repeated."), "y = x₁ + x₂ + …"},
    {"Multiply", QT_TRANSLATE_NOOP("ParamTexts", "Multiplies inputs of the same shape value by value, as gates do; sizes of 1 are repeated."), "y = x₁ ∘ x₂ ∘ …"},
    {"Upsample", QT_TRANSLATE_NOOP("ParamTexts", "Makes an image larger, without learning anything."), ""},
    {"ZeroPad2d", QT_TRANSLATE_NOOP("ParamTexts", "Adds zeros at an image's edges."), ""},
    {"Identity", QT_TRANSLATE_NOOP("ParamTexts", "Passes on what comes in: a place to label or to join."), "y = x"},
    {"Block", QT_TRANSLATE_NOOP("ParamTexts", "A named part of the network, drawn once and used wherever one likes."), ""},
    {"BlockInput", QT_TRANSLATE_NOOP("ParamTexts", "What flows into the block comes in here."), ""},
};
// clang-format on

bool names(std::string_view types, std::string_view type)
{
    for (std::size_t at = types.find(type); at != std::string_view::npos; at = types.find(type, at + 1)) {
        const std::size_t end = at + type.size();
        if ((at == 0 || types[at - 1] == ' ') && (end == types.size() || types[end] == ' '))
            return true;
    }
    return types == "*";
}

const SettingText* find(std::string_view type, std::string_view name)
{
    for (const SettingText& text : settingTexts)
        if (name == text.name && names(text.types, type))
            return &text;
    return nullptr;
}

const LayerText* find(std::string_view type)
{
    for (const LayerText& text : layerTexts)
        if (type == text.type)
            return &text;
    return nullptr;
}

} // namespace

QString layerHelp(const std::string& type)
{
    const LayerText* text = find(type);
    return text ? QCoreApplication::translate("ParamTexts", text->help) : QString();
}

QString layerFormula(const std::string& type)
{
    const LayerText* text = find(type);
    return text && *text->formula ? QCoreApplication::translate("ParamTexts", text->formula) : QString();
}

QString layerTip(const std::string& type)
{
    const QString formula = layerFormula(type);
    return formula.isEmpty() ? layerHelp(type) : layerHelp(type) + u'\n' + formula;
}

QString layerParamLabel(const std::string& type, const std::string& name)
{
    const SettingText* text = find(type, name);
    return text ? QCoreApplication::translate("ParamTexts", text->label) : QString::fromStdString(name);
}

QString layerParamHelp(const std::string& type, const std::string& name)
{
    const SettingText* text = find(type, name);
    return text ? QCoreApplication::translate("ParamTexts", text->help) : QString();
}

} // namespace limpid
