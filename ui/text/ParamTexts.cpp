#include "ui/text/ParamTexts.h"

#include "ui/text/LayerTexts.h"

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
    return text ? QCoreApplication::translate("ParamTexts", text->label) : layerParamLabel(owner, name);
}

QString paramHelp(const std::string& owner, const std::string& name)
{
    const ParamText* text = find(owner, name);
    return text ? QCoreApplication::translate("ParamTexts", text->help) : layerParamHelp(owner, name);
}

} // namespace limpid
