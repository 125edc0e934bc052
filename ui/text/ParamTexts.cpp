#include "ui/text/ParamTexts.h"

#include <QCoreApplication>

#include <string_view>

namespace limpid {

namespace {

struct ParamText {
    const char* owner;
    const char* name;
    const char* label;
    const char* help;
};

// clang-format off
const ParamText paramTexts[] = {
    {"train", "epochs", QT_TRANSLATE_NOOP("ParamTexts", "Epochs"),
     QT_TRANSLATE_NOOP("ParamTexts", "How often training goes through all rows. Usual: 20 to 200; early stopping ends it sooner where nothing improves.")},
    {"train", "batch_size", QT_TRANSLATE_NOOP("ParamTexts", "Batch size"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many rows one step learns from. Small batches learn more from few rows, large ones are faster. Usual: 16 to 1024; 0 chooses by the number of rows.")},
    {"train", "accumulation", QT_TRANSLATE_NOOP("ParamTexts", "Accumulation"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many batches are added up before the weights move: as a batch that many times as large, without its memory. Usual: 1 to 16.")},
    {"train", "optimizer", QT_TRANSLATE_NOOP("ParamTexts", "Optimizer"),
     QT_TRANSLATE_NOOP("ParamTexts", "How the weights follow the gradient. AdamW, Adam, RMSprop and Adagrad adapt the step of each weight, SGD takes the same for all, L-BFGS learns the loss's curvature from large batches. Usual: AdamW.")},
    {"train", "learning_rate", QT_TRANSLATE_NOOP("ParamTexts", "Learning rate"),
     QT_TRANSLATE_NOOP("ParamTexts", "How far each step moves the weights. Too large and the loss jumps or grows, too small and it hardly falls. Usual: 0.0001 to 0.01; 1 for L-BFGS.")},
    {"train", "weight_decay", QT_TRANSLATE_NOOP("ParamTexts", "Weight decay"),
     QT_TRANSLATE_NOOP("ParamTexts", "Pulls the weights towards zero at each step, against overfitting. Usual: 0 to 0.01.")},
    {"train", "momentum", QT_TRANSLATE_NOOP("ParamTexts", "Momentum"),
     QT_TRANSLATE_NOOP("ParamTexts", "The share of the last step that is kept in the next one, for SGD and RMSprop. Usual: 0.8 to 0.95; 0 for RMSprop.")},
    {"train", "nesterov", QT_TRANSLATE_NOOP("ParamTexts", "Nesterov"),
     QT_TRANSLATE_NOOP("ParamTexts", "Looks ahead along the momentum before each step, which often settles sooner. SGD only. Usual: off.")},
    {"train", "beta1", QT_TRANSLATE_NOOP("ParamTexts", "Beta 1"),
     QT_TRANSLATE_NOOP("ParamTexts", "How long Adam and AdamW remember the gradient: the share of its mean that is kept at each step. Usual: 0.8 to 0.95.")},
    {"train", "beta2", QT_TRANSLATE_NOOP("ParamTexts", "Beta 2"),
     QT_TRANSLATE_NOOP("ParamTexts", "How long Adam and AdamW remember the size of the gradient: the share of its mean square that is kept at each step. Usual: 0.95 to 0.999.")},
    {"train", "eps", QT_TRANSLATE_NOOP("ParamTexts", "Epsilon"),
     QT_TRANSLATE_NOOP("ParamTexts", "Added where the step is divided by the size of the gradient, so that nothing is divided by zero. Usual: 0.0000000001 to 0.000001.")},
    {"train", "alpha", QT_TRANSLATE_NOOP("ParamTexts", "Alpha"),
     QT_TRANSLATE_NOOP("ParamTexts", "How long RMSprop remembers the size of the gradient: the share of its mean square that is kept at each step. Usual: 0.9 to 0.99.")},
    {"train", "schedule", QT_TRANSLATE_NOOP("ParamTexts", "Schedule"),
     QT_TRANSLATE_NOOP("ParamTexts", "How the learning rate changes on the way: constant, falling in steps, by a share each epoch (exponential) or along a cosine, rising and falling once (one-cycle), or falling where the validation loss stalls (plateau). Usual: one-cycle.")},
    {"train", "warmup", QT_TRANSLATE_NOOP("ParamTexts", "Warm-up"),
     QT_TRANSLATE_NOOP("ParamTexts", "The share of all steps over which the learning rate first rises to its value in a straight line. One-cycle has its own. Usual: 0 to 0.1.")},
    {"train", "step_size", QT_TRANSLATE_NOOP("ParamTexts", "Step size"),
     QT_TRANSLATE_NOOP("ParamTexts", "After how many epochs the schedule “step” lowers the learning rate each time. Usual: 5 to 30.")},
    {"train", "gamma", QT_TRANSLATE_NOOP("ParamTexts", "Gamma"),
     QT_TRANSLATE_NOOP("ParamTexts", "What the learning rate is multiplied by: every few epochs (step) or every epoch (exponential). Usual: 0.1 to 0.95.")},
    {"train", "plateau_patience", QT_TRANSLATE_NOOP("ParamTexts", "Plateau patience"),
     QT_TRANSLATE_NOOP("ParamTexts", "After more epochs than this without a better validation loss, the schedule “plateau” lowers the learning rate. Usual: 3 to 10.")},
    {"train", "plateau_factor", QT_TRANSLATE_NOOP("ParamTexts", "Plateau factor"),
     QT_TRANSLATE_NOOP("ParamTexts", "What the schedule “plateau” multiplies the learning rate by. Usual: 0.1 to 0.5.")},
    {"train", "loss", QT_TRANSLATE_NOOP("ParamTexts", "Loss"),
     QT_TRANSLATE_NOOP("ParamTexts", "What training makes small. Auto takes cross-entropy for classes, BCE for two of them and MSE for numbers; focal looks at hard rows, MAE and Huber forgive outliers, Poisson suits counts, quantile aims at a quantile. Usual: auto.")},
    {"train", "focal_gamma", QT_TRANSLATE_NOOP("ParamTexts", "Focal gamma"),
     QT_TRANSLATE_NOOP("ParamTexts", "How little the focal loss counts rows that are already right. 0 counts all alike. Usual: 0.5 to 5.")},
    {"train", "huber_delta", QT_TRANSLATE_NOOP("ParamTexts", "Huber delta"),
     QT_TRANSLATE_NOOP("ParamTexts", "Up to which error, in deviations of the target, the Huber loss is a square; beyond, it grows in a straight line. Usual: 0.5 to 2.")},
    {"train", "quantile", QT_TRANSLATE_NOOP("ParamTexts", "Quantile"),
     QT_TRANSLATE_NOOP("ParamTexts", "Which quantile of the target is predicted: 0.5 is the median, 0.9 a value that nine rows in ten stay under. Usual: 0.05 to 0.95.")},
    {"train", "label_smoothing", QT_TRANSLATE_NOOP("ParamTexts", "Label smoothing"),
     QT_TRANSLATE_NOOP("ParamTexts", "The share of each label that is spread over all classes, against overconfidence. Usual: 0 to 0.1.")},
    {"train", "class_weights", QT_TRANSLATE_NOOP("ParamTexts", "Class weights"),
     QT_TRANSLATE_NOOP("ParamTexts", "Balanced counts the rows of rare classes more, so that each class weighs the same in the loss. Usual: none.")},
    {"train", "sampling", QT_TRANSLATE_NOOP("ParamTexts", "Sampling"),
     QT_TRANSLATE_NOOP("ParamTexts", "Shuffled takes every row once an epoch; balanced draws each class equally often, rare rows several times. Usual: shuffled.")},
    {"train", "l1", QT_TRANSLATE_NOOP("ParamTexts", "L1"),
     QT_TRANSLATE_NOOP("ParamTexts", "Pulls every weight towards zero by the same amount, so that useless ones end there. Usual: 0 to 0.001.")},
    {"train", "clip_norm", QT_TRANSLATE_NOOP("ParamTexts", "Clip norm"),
     QT_TRANSLATE_NOOP("ParamTexts", "Shortens the gradient of all weights together to this length where it is longer, against leaps. Usual: 0.5 to 5; 0 never.")},
    {"train", "clip_value", QT_TRANSLATE_NOOP("ParamTexts", "Clip value"),
     QT_TRANSLATE_NOOP("ParamTexts", "Cuts the gradient of each weight at this size. Usual: 0.1 to 1; 0 never.")},
    {"train", "ema_decay", QT_TRANSLATE_NOOP("ParamTexts", "Average decay"),
     QT_TRANSLATE_NOOP("ParamTexts", "Keeps a moving average of the weights as the model, steadier than the last step; this is the share kept at each step. Usual: 0.99 to 0.9999; 0 keeps none.")},
    {"train", "patience", QT_TRANSLATE_NOOP("ParamTexts", "Patience"),
     QT_TRANSLATE_NOOP("ParamTexts", "Training ends early after that many epochs without a better validation loss. Usual: 5 to 30; 0 never ends early.")},
    {"train", "seed", QT_TRANSLATE_NOOP("ParamTexts", "Seed"),
     QT_TRANSLATE_NOOP("ParamTexts", "Start of every random choice: first weights, order of rows, dropout. The same seed gives the same model. Usual: any whole number.")},
    {"train", "threads", QT_TRANSLATE_NOOP("ParamTexts", "Threads"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many cores the arithmetic uses. Results are the same only for the same number. Usual: 1 to 8; small networks gain little from more than one.")},

    {"study", "study", QT_TRANSLATE_NOOP("ParamTexts", "Train"),
     QT_TRANSLATE_NOOP("ParamTexts", "Once; in folds, each of which judges the model by other rows; repeated with other seeds; or as an ensemble, whose prediction is the mean of its members'. Usual: once.")},
    {"study", "parts", QT_TRANSLATE_NOOP("ParamTexts", "Runs"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many folds, repeats or members. More give surer figures and take as many times as long. Usual: 3 to 10.")},
    {"rate finder", "start", QT_TRANSLATE_NOOP("ParamTexts", "From"),
     QT_TRANSLATE_NOOP("ParamTexts", "The learning rate that the search begins with; so small that the loss stays as it is. Usual: 0.0000001 to 0.0001.")},
    {"rate finder", "end", QT_TRANSLATE_NOOP("ParamTexts", "To"),
     QT_TRANSLATE_NOOP("ParamTexts", "The learning rate that the search ends with where the loss has not grown before. Usual: 1 to 10.")},
    {"rate finder", "steps", QT_TRANSLATE_NOOP("ParamTexts", "Steps"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many learning rates are tried, a step of training each. More give a smoother curve. Usual: 100 to 300.")},

    {"Input", "features", QT_TRANSLATE_NOOP("ParamTexts", "Columns"),
     QT_TRANSLATE_NOOP("ParamTexts", "Which columns come in here: numbers, yes/no values and dates (numbers), or the indices of categories, which an Embedding takes (categories). Usual: one Input of each.")},
    {"Linear", "out_features", QT_TRANSLATE_NOOP("ParamTexts", "Outputs"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many values the layer gives: its width. More can learn more and overfits sooner. Usual: 8 to 512.")},
    {"Linear", "bias", QT_TRANSLATE_NOOP("ParamTexts", "Bias"),
     QT_TRANSLATE_NOOP("ParamTexts", "Adds a learnt constant to each output. Usual: on; off right before a normalising layer.")},
    {"Embedding", "embedding_dim", QT_TRANSLATE_NOOP("ParamTexts", "Width per column"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many numbers stand for one category. Usual: 2 to 50; 0 chooses by the number of different values.")},
    {"Conv2d", "out_channels", QT_TRANSLATE_NOOP("ParamTexts", "Channels"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many kernels are learnt: each gives one channel of the output image. Usual: 8 to 256.")},
    {"Conv2d", "kernel_size", QT_TRANSLATE_NOOP("ParamTexts", "Kernel"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many pixels wide and high the window is that each output value sees. Usual: 1 to 7.")},
    {"Conv2d", "stride", QT_TRANSLATE_NOOP("ParamTexts", "Stride"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many pixels the window moves at a time; 2 halves the image. Usual: 1 to 2.")},
    {"Conv2d", "padding", QT_TRANSLATE_NOOP("ParamTexts", "Padding"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many zeros are added at each edge; half the kernel keeps the image's size. Usual: 0 to 3.")},
    {"Conv2d", "dilation", QT_TRANSLATE_NOOP("ParamTexts", "Dilation"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many pixels lie from one value of the kernel to the next; above 1 it sees further with as few weights. Usual: 1 to 2.")},
    {"Conv2d", "groups", QT_TRANSLATE_NOOP("ParamTexts", "Groups"),
     QT_TRANSLATE_NOOP("ParamTexts", "Splits the channels into groups that do not see each other; as many as there are channels is a depthwise convolution. Usual: 1.")},
    {"Conv2d", "bias", QT_TRANSLATE_NOOP("ParamTexts", "Bias"),
     QT_TRANSLATE_NOOP("ParamTexts", "Adds a learnt constant to each channel. Usual: on; off right before a normalising layer.")},
    {"MaxPool2d", "kernel_size", QT_TRANSLATE_NOOP("ParamTexts", "Window"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many pixels wide and high the window is of which the largest value is kept. Usual: 2 to 3.")},
    {"MaxPool2d", "stride", QT_TRANSLATE_NOOP("ParamTexts", "Stride"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many pixels the window moves at a time; 0 takes its own size. Usual: 2 to 3.")},
    {"MaxPool2d", "padding", QT_TRANSLATE_NOOP("ParamTexts", "Padding"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many pixels are added at each edge, which are never the largest. Usual: 0 to 1.")},
    {"MaxPool2d", "dilation", QT_TRANSLATE_NOOP("ParamTexts", "Dilation"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many pixels lie from one value of the window to the next. Usual: 1.")},
    {"MaxPool2d", "ceil_mode", QT_TRANSLATE_NOOP("ParamTexts", "Keep the rest"),
     QT_TRANSLATE_NOOP("ParamTexts", "Whether pixels at the right and lower edge that fill no whole window give a value too. Usual: off.")},
    {"AvgPool2d", "kernel_size", QT_TRANSLATE_NOOP("ParamTexts", "Window"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many pixels wide and high the window is whose mean is kept. Usual: 2 to 7.")},
    {"AvgPool2d", "stride", QT_TRANSLATE_NOOP("ParamTexts", "Stride"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many pixels the window moves at a time; 0 takes its own size. Usual: 2 to 7.")},
    {"AvgPool2d", "padding", QT_TRANSLATE_NOOP("ParamTexts", "Padding"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many zeros are added at each edge. Usual: 0 to 1.")},
    {"AvgPool2d", "ceil_mode", QT_TRANSLATE_NOOP("ParamTexts", "Keep the rest"),
     QT_TRANSLATE_NOOP("ParamTexts", "Whether pixels at the right and lower edge that fill no whole window give a value too. Usual: off.")},
    {"AvgPool2d", "count_include_pad", QT_TRANSLATE_NOOP("ParamTexts", "Count padding"),
     QT_TRANSLATE_NOOP("ParamTexts", "Whether the zeros of the padding count in the mean. Usual: on.")},
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
    {"BatchNorm1d", "eps", QT_TRANSLATE_NOOP("ParamTexts", "Epsilon"),
     QT_TRANSLATE_NOOP("ParamTexts", "Added to the variance, so that nothing is divided by zero. Usual: 0.000001 to 0.001.")},
    {"BatchNorm1d", "momentum", QT_TRANSLATE_NOOP("ParamTexts", "Momentum"),
     QT_TRANSLATE_NOOP("ParamTexts", "The share of each batch in the running mean and variance that are used when predicting. Usual: 0.01 to 0.2.")},
    {"BatchNorm1d", "affine", QT_TRANSLATE_NOOP("ParamTexts", "Learn scale and shift"),
     QT_TRANSLATE_NOOP("ParamTexts", "Whether each value gets a learnt scale and shift after it is normalised. Usual: on.")},
    {"BatchNorm2d", "eps", QT_TRANSLATE_NOOP("ParamTexts", "Epsilon"),
     QT_TRANSLATE_NOOP("ParamTexts", "Added to the variance, so that nothing is divided by zero. Usual: 0.000001 to 0.001.")},
    {"BatchNorm2d", "momentum", QT_TRANSLATE_NOOP("ParamTexts", "Momentum"),
     QT_TRANSLATE_NOOP("ParamTexts", "The share of each batch in the running mean and variance that are used when predicting. Usual: 0.01 to 0.2.")},
    {"BatchNorm2d", "affine", QT_TRANSLATE_NOOP("ParamTexts", "Learn scale and shift"),
     QT_TRANSLATE_NOOP("ParamTexts", "Whether each channel gets a learnt scale and shift after it is normalised. Usual: on.")},
    {"LayerNorm", "eps", QT_TRANSLATE_NOOP("ParamTexts", "Epsilon"),
     QT_TRANSLATE_NOOP("ParamTexts", "Added to the variance, so that nothing is divided by zero. Usual: 0.000001 to 0.001.")},
    {"LayerNorm", "elementwise_affine", QT_TRANSLATE_NOOP("ParamTexts", "Learn scale and shift"),
     QT_TRANSLATE_NOOP("ParamTexts", "Whether each value gets a learnt scale and shift after it is normalised. Usual: on.")},
    {"Dropout", "p", QT_TRANSLATE_NOOP("ParamTexts", "Probability"),
     QT_TRANSLATE_NOOP("ParamTexts", "The share of values set to zero at each training step, against overfitting. Usual: 0.05 to 0.5.")},
    {"Dropout2d", "p", QT_TRANSLATE_NOOP("ParamTexts", "Probability"),
     QT_TRANSLATE_NOOP("ParamTexts", "The share of whole channels set to zero at each training step, against overfitting. Usual: 0.05 to 0.5.")},
    {"Reshape", "channels", QT_TRANSLATE_NOOP("ParamTexts", "Channels"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many images lie one after the other in a row: 1 for grey ones, 3 for colours; -1 is what is left. Usual: 1 to 3.")},
    {"Reshape", "height", QT_TRANSLATE_NOOP("ParamTexts", "Height"),
     QT_TRANSLATE_NOOP("ParamTexts", "Rows of pixels; -1 is what is left, and with the width a square. Usual: 8 to 224.")},
    {"Reshape", "width", QT_TRANSLATE_NOOP("ParamTexts", "Width"),
     QT_TRANSLATE_NOOP("ParamTexts", "Columns of pixels; -1 is what is left, and with the height a square. Usual: 8 to 224.")},
};

const std::pair<const char*, const char*> layerTexts[] = {
    {"Input", QT_TRANSLATE_NOOP("ParamTexts", "The table's columns, as the preparation encoded them, enter the network here.")},
    {"Linear", QT_TRANSLATE_NOOP("ParamTexts", "Every output is a learnt weighted sum of all inputs: the workhorse of networks for tables.")},
    {"Embedding", QT_TRANSLATE_NOOP("ParamTexts", "Learns a few numbers for every value of each category, so that similar values come to lie together.")},
    {"Conv2d", QT_TRANSLATE_NOOP("ParamTexts", "Slides small learnt kernels over an image: each looks for the same pattern everywhere.")},
    {"MaxPool2d", QT_TRANSLATE_NOOP("ParamTexts", "Makes an image smaller: keeps the largest value of each window.")},
    {"AvgPool2d", QT_TRANSLATE_NOOP("ParamTexts", "Makes an image smaller: keeps the mean of each window.")},
    {"ReLU", QT_TRANSLATE_NOOP("ParamTexts", "Sets negative values to zero: the usual bend between Linear layers.")},
    {"LeakyReLU", QT_TRANSLATE_NOOP("ParamTexts", "Like ReLU, but lets a small share of negative values through, so that no unit falls silent.")},
    {"ELU", QT_TRANSLATE_NOOP("ParamTexts", "Like ReLU, but bends smoothly to a negative limit, which keeps the mean near zero.")},
    {"SELU", QT_TRANSLATE_NOOP("ParamTexts", "A scaled ELU under which deep stacks of Linear layers keep mean 0 and deviation 1 by themselves.")},
    {"GELU", QT_TRANSLATE_NOOP("ParamTexts", "A smooth ReLU, weighted by the normal distribution, as transformers use it.")},
    {"SiLU", QT_TRANSLATE_NOOP("ParamTexts", "The value times its sigmoid, also called swish: a smooth ReLU.")},
    {"Tanh", QT_TRANSLATE_NOOP("ParamTexts", "Squeezes values between −1 and 1.")},
    {"Sigmoid", QT_TRANSLATE_NOOP("ParamTexts", "Squeezes values between 0 and 1. Not needed at the output: the loss does it there.")},
    {"Softplus", QT_TRANSLATE_NOOP("ParamTexts", "A ReLU with a smooth bend; always above zero.")},
    {"BatchNorm1d", QT_TRANSLATE_NOOP("ParamTexts", "Brings each value to mean 0 and deviation 1 over the batch, which makes training faster and steadier.")},
    {"BatchNorm2d", QT_TRANSLATE_NOOP("ParamTexts", "Brings each channel of an image to mean 0 and deviation 1 over the batch, which makes training faster and steadier.")},
    {"LayerNorm", QT_TRANSLATE_NOOP("ParamTexts", "Brings the values of each row to mean 0 and deviation 1; independent of the batch.")},
    {"Dropout", QT_TRANSLATE_NOOP("ParamTexts", "Sets random values to zero while training, so that the network does not rely on single ones.")},
    {"Dropout2d", QT_TRANSLATE_NOOP("ParamTexts", "Sets random whole channels of an image to zero while training, so that the network does not rely on single ones.")},
    {"Flatten", QT_TRANSLATE_NOOP("ParamTexts", "Lays an image out as one row of values, as Linear layers take it.")},
    {"Reshape", QT_TRANSLATE_NOOP("ParamTexts", "Makes a row of values into an image: channel after channel, row after row.")},
    {"Concat", QT_TRANSLATE_NOOP("ParamTexts", "Puts its inputs side by side into one wider row; images channel after channel.")},
    {"Add", QT_TRANSLATE_NOOP("ParamTexts", "Adds inputs of the same shape, as in a shortcut around layers.")},
};
// clang-format on

const ParamText* find(std::string_view owner, std::string_view name)
{
    for (const ParamText& text : paramTexts) {
        if (owner == text.owner && name == text.name)
            return &text;
    }
    return nullptr;
}

} // namespace

QString paramLabel(const std::string& owner, const std::string& name)
{
    const ParamText* text = find(owner, name);
    return text ? QCoreApplication::translate("ParamTexts", text->label) : QString::fromStdString(name);
}

QString paramHelp(const std::string& owner, const std::string& name)
{
    const ParamText* text = find(owner, name);
    return text ? QCoreApplication::translate("ParamTexts", text->help) : QString();
}

QString layerHelp(const std::string& type)
{
    for (const auto& [name, text] : layerTexts) {
        if (type == name)
            return QCoreApplication::translate("ParamTexts", text);
    }
    return {};
}

} // namespace limpid
