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
    {"train", "optimizer", QT_TRANSLATE_NOOP("ParamTexts", "Optimizer"),
     QT_TRANSLATE_NOOP("ParamTexts", "How the weights follow the gradient. AdamW and Adam adapt the step of each weight, SGD takes the same for all. Usual: AdamW.")},
    {"train", "learning_rate", QT_TRANSLATE_NOOP("ParamTexts", "Learning rate"),
     QT_TRANSLATE_NOOP("ParamTexts", "How far each step moves the weights. Too large and the loss jumps or grows, too small and it hardly falls. Usual: 0.0001 to 0.01.")},
    {"train", "weight_decay", QT_TRANSLATE_NOOP("ParamTexts", "Weight decay"),
     QT_TRANSLATE_NOOP("ParamTexts", "Pulls the weights towards zero at each step, against overfitting. Usual: 0 to 0.01.")},
    {"train", "momentum", QT_TRANSLATE_NOOP("ParamTexts", "Momentum"),
     QT_TRANSLATE_NOOP("ParamTexts", "The share of the last step that is kept in the next one. SGD only. Usual: 0.8 to 0.95.")},
    {"train", "schedule", QT_TRANSLATE_NOOP("ParamTexts", "Schedule"),
     QT_TRANSLATE_NOOP("ParamTexts", "How the learning rate changes on the way: constant, falling along a cosine, or rising and falling once (one-cycle). Usual: one-cycle.")},
    {"train", "patience", QT_TRANSLATE_NOOP("ParamTexts", "Patience"),
     QT_TRANSLATE_NOOP("ParamTexts", "Training ends early after that many epochs without a better validation loss. Usual: 5 to 30; 0 never ends early.")},
    {"train", "seed", QT_TRANSLATE_NOOP("ParamTexts", "Seed"),
     QT_TRANSLATE_NOOP("ParamTexts", "Start of every random choice: first weights, order of rows, dropout. The same seed gives the same model. Usual: any whole number.")},
    {"train", "threads", QT_TRANSLATE_NOOP("ParamTexts", "Threads"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many cores the arithmetic uses. Results are the same only for the same number. Usual: 1 to 8; small networks gain little from more than one.")},

    {"Input", "features", QT_TRANSLATE_NOOP("ParamTexts", "Columns"),
     QT_TRANSLATE_NOOP("ParamTexts", "Which columns come in here: numbers, yes/no values and dates (numbers), or the indices of categories, which an Embedding takes (categories). Usual: one Input of each.")},
    {"Linear", "out_features", QT_TRANSLATE_NOOP("ParamTexts", "Outputs"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many values the layer gives: its width. More can learn more and overfits sooner. Usual: 8 to 512.")},
    {"Linear", "bias", QT_TRANSLATE_NOOP("ParamTexts", "Bias"),
     QT_TRANSLATE_NOOP("ParamTexts", "Adds a learnt constant to each output. Usual: on; off right before a normalising layer.")},
    {"Embedding", "embedding_dim", QT_TRANSLATE_NOOP("ParamTexts", "Width per column"),
     QT_TRANSLATE_NOOP("ParamTexts", "How many numbers stand for one category. Usual: 2 to 50; 0 chooses by the number of different values.")},
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
    {"LayerNorm", "eps", QT_TRANSLATE_NOOP("ParamTexts", "Epsilon"),
     QT_TRANSLATE_NOOP("ParamTexts", "Added to the variance, so that nothing is divided by zero. Usual: 0.000001 to 0.001.")},
    {"LayerNorm", "elementwise_affine", QT_TRANSLATE_NOOP("ParamTexts", "Learn scale and shift"),
     QT_TRANSLATE_NOOP("ParamTexts", "Whether each value gets a learnt scale and shift after it is normalised. Usual: on.")},
    {"Dropout", "p", QT_TRANSLATE_NOOP("ParamTexts", "Probability"),
     QT_TRANSLATE_NOOP("ParamTexts", "The share of values set to zero at each training step, against overfitting. Usual: 0.05 to 0.5.")},
};

const std::pair<const char*, const char*> layerTexts[] = {
    {"Input", QT_TRANSLATE_NOOP("ParamTexts", "The table's columns, as the preparation encoded them, enter the network here.")},
    {"Linear", QT_TRANSLATE_NOOP("ParamTexts", "Every output is a learnt weighted sum of all inputs: the workhorse of networks for tables.")},
    {"Embedding", QT_TRANSLATE_NOOP("ParamTexts", "Learns a few numbers for every value of each category, so that similar values come to lie together.")},
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
    {"LayerNorm", QT_TRANSLATE_NOOP("ParamTexts", "Brings the values of each row to mean 0 and deviation 1; independent of the batch.")},
    {"Dropout", QT_TRANSLATE_NOOP("ParamTexts", "Sets random values to zero while training, so that the network does not rely on single ones.")},
    {"Concat", QT_TRANSLATE_NOOP("ParamTexts", "Puts its inputs side by side into one wider row.")},
    {"Add", QT_TRANSLATE_NOOP("ParamTexts", "Adds inputs of the same width, as in a shortcut around layers.")},
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
