#include "ui/text/MethodTexts.h"

#include <QCoreApplication>

#include <algorithm>
#include <iterator>

namespace limpid {

namespace {

struct MethodText {
    const char *method, *name, *help;
};

constexpr MethodText texts[] = {
    {"leverage", QT_TRANSLATE_NOOP("Methods", "Leverage SHAP"),
     QT_TRANSLATE_NOOP("Methods", "Shapley values: what each column adds to a row's prediction. The most precise for its cost, with a 95 % interval on each value.")},
    {"permutation", QT_TRANSLATE_NOOP("Methods", "Permutation SHAP"),
     QT_TRANSLATE_NOOP("Methods", "Shapley values by walks through the columns in random orders, forward and back. Nearly as precise as Leverage SHAP.")},
    {"kernel", QT_TRANSLATE_NOOP("Methods", "Kernel SHAP"),
     QT_TRANSLATE_NOOP("Methods", "Shapley values as the shap package estimates them: to compare with it.")},
    {"exact", QT_TRANSLATE_NOOP("Methods", "Exact Shapley values"),
     QT_TRANSLATE_NOOP("Methods", "Shapley values by all combinations of the columns, without an error. For up to 16 columns.")},
    {"partition", QT_TRANSLATE_NOOP("Methods", "Owen values (partition)"),
     QT_TRANSLATE_NOOP("Methods", "Shapley values in a tree that keeps columns together which go together, or the parts of a picture. For many columns.")},
    {"linear", QT_TRANSLATE_NOOP("Methods", "Linear Shapley values"),
     QT_TRANSLATE_NOOP("Methods", "Exact Shapley values at the cost of one prediction, for a network without layers that bend.")},
    {"deeplift", QT_TRANSLATE_NOOP("Methods", "DeepLIFT"),
     QT_TRANSLATE_NOOP("Methods", "What each column adds to a row's prediction, from one pass through the network for each background row. Adds up, and is quick with many columns.")},
    {"expected-gradients", QT_TRANSLATE_NOOP("Methods", "Expected gradients"),
     QT_TRANSLATE_NOOP("Methods", "Integrated gradients from each background row, averaged. Adds up.")},
    {"integrated-gradients", QT_TRANSLATE_NOOP("Methods", "Integrated gradients"),
     QT_TRANSLATE_NOOP("Methods", "The gradients on the line from the background's mean to the row, added up.")},
    {"saliency", QT_TRANSLATE_NOOP("Methods", "Saliency"),
     QT_TRANSLATE_NOOP("Methods", "How strongly the prediction reacts to a small change of each column. Does not add up.")},
    {"input-x-gradient", QT_TRANSLATE_NOOP("Methods", "Input × gradient"),
     QT_TRANSLATE_NOOP("Methods", "The gradient times the encoded value. Does not add up.")},
    {"smoothgrad", QT_TRANSLATE_NOOP("Methods", "SmoothGrad"),
     QT_TRANSLATE_NOOP("Methods", "The mean gradient around the row, with noise on its values. Does not add up.")},
    {"guided-backprop", QT_TRANSLATE_NOOP("Methods", "Guided backpropagation"),
     QT_TRANSLATE_NOOP("Methods", "The gradient where it passes each ReLU only if it is positive. Shows edges in images; does not add up.")},
    {"deconvolution", QT_TRANSLATE_NOOP("Methods", "Deconvolution"),
     QT_TRANSLATE_NOOP("Methods", "The gradient where each ReLU lets through what is positive, whatever its input was. Does not add up.")},
    {"grad-cam", QT_TRANSLATE_NOOP("Methods", "Grad-CAM"),
     QT_TRANSLATE_NOOP("Methods", "Where in a picture the last convolutions see what speaks for the output. For networks of pictures; does not add up.")},
    {"occlusion", QT_TRANSLATE_NOOP("Methods", "Occlusion"),
     QT_TRANSLATE_NOOP("Methods", "What the prediction loses when a column, or a small window of a picture, is replaced by the background. Does not add up.")},
    {"lime", QT_TRANSLATE_NOOP("Methods", "LIME"),
     QT_TRANSLATE_NOOP("Methods", "A linear model of the predictions around a row: what it matters that a column has this row's value or one in the same quarter of the data. Says how well that model fits; does not add up.")},
    {"permutation-importance", QT_TRANSLATE_NOOP("Methods", "Permutation importance"),
     QT_TRANSLATE_NOOP("Methods", "How much worse the model gets when one column is shuffled: what the model needs to be right. Wants rows with a target.")},
    {"pdp", QT_TRANSLATE_NOOP("Methods", "Partial dependence"),
     QT_TRANSLATE_NOOP("Methods", "The mean prediction when all rows take one value of a column. Misleads where columns go together: then ALE is better.")},
    {"ice", QT_TRANSLATE_NOOP("Methods", "ICE curves"),
     QT_TRANSLATE_NOOP("Methods", "Each row's own curve behind the partial dependence of one column: where they cross, the column interacts with others.")},
    {"ale", QT_TRANSLATE_NOOP("Methods", "Accumulated local effects"),
     QT_TRANSLATE_NOOP("Methods", "How the prediction moves along a column, from rows that have such values. Right where columns go together.")},
    {"interactions", QT_TRANSLATE_NOOP("Methods", "Interactions (Friedman's H)"),
     QT_TRANSLATE_NOOP("Methods", "How much of a column's effect depends on other columns, and on which.")},
    {"surrogate", QT_TRANSLATE_NOOP("Methods", "Surrogate tree"),
     QT_TRANSLATE_NOOP("Methods", "A small decision tree that says about what the model says, and how often it is right about that.")},
};

const MethodText* find(const std::string& method)
{
    const auto* at = std::find_if(std::begin(texts), std::end(texts), [&](const MethodText& text) { return method == text.method; });
    return at == std::end(texts) ? nullptr : at;
}

} // namespace

QString methodName(const std::string& method)
{
    const MethodText* text = find(method);
    return text ? QCoreApplication::translate("Methods", text->name) : QString::fromStdString(method);
}

QString methodHelp(const std::string& method)
{
    const MethodText* text = find(method);
    return text ? QCoreApplication::translate("Methods", text->help) : QString();
}

QString spaceText(TaskKind task, const std::string& space)
{
    if (task == TaskKind::Regression || task == TaskKind::MultiRegression)
        return QCoreApplication::translate("Methods", "in the target's unit");
    if (space == "probability")
        return QCoreApplication::translate("Methods", "probability");
    return task == TaskKind::MultiClass ? QCoreApplication::translate("Methods", "logits") : QCoreApplication::translate("Methods", "log-odds");
}

} // namespace limpid
