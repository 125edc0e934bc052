#include "ui/text/MethodTexts.h"

#include <QCoreApplication>
#include <QLocale>

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
    {"linear-correlated", QT_TRANSLATE_NOOP("Methods", "Linear, correlations heeded"),
     QT_TRANSLATE_NOOP("Methods", "Shapley values of a network without layers that bend, where what is left out is guessed from the columns that go with it, by the covariance of the rows compared with, which should be many more than the columns: a column counts for what it tells of others, too.")},
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
    {"guided-grad-cam", QT_TRANSLATE_NOOP("Methods", "Guided Grad-CAM"),
     QT_TRANSLATE_NOOP("Methods", "Guided backpropagation, where Grad-CAM sees what speaks for the output: edges, and of the one output alone. For networks of pictures; does not add up.")},
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
    {"shapley-interactions", QT_TRANSLATE_NOOP("Methods", "Shapley interactions"),
     QT_TRANSLATE_NOOP("Methods", "What columns do to single predictions in pairs, beyond what each does: exact, by all combinations of up to 12 columns; of more, the 11 that matter most and all others as one.")},
    {"surrogate", QT_TRANSLATE_NOOP("Methods", "Surrogate tree"),
     QT_TRANSLATE_NOOP("Methods", "A small decision tree that says about what the model says, and how often it is right about that.")},
    {"counterfactual", QT_TRANSLATE_NOOP("Methods", "Counterfactuals"),
     QT_TRANSLATE_NOOP("Methods", "The few changes to one row that would give it another prediction, with columns locked that must not change; and the row to change by hand.")},
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

QString interactionIndexText(const std::string& index)
{
    if (index == "sii")
        return QCoreApplication::translate("Methods", "SII: main effects are Shapley values and add up to the prediction less the background's mean by themselves; pairs come on top and add up to nothing.");
    if (index == "shapley-taylor")
        return QCoreApplication::translate("Methods", "Shapley-Taylor: main effects and pairs add up to the prediction less the background's mean; a main effect is what the column does by itself.");
    return QCoreApplication::translate("Methods", "k-SII: main effects and pairs add up to the prediction less the background's mean; a main effect and half of the column's pairs to its Shapley value.");
}

QString spaceText(TaskKind task, const std::string& space)
{
    if (task == TaskKind::Regression || task == TaskKind::MultiRegression)
        return QCoreApplication::translate("Methods", "in the target's unit");
    if (space == "probability")
        return QCoreApplication::translate("Methods", "probability");
    return task == TaskKind::MultiClass ? QCoreApplication::translate("Methods", "logits") : QCoreApplication::translate("Methods", "log-odds");
}

namespace {

/// The rows chosen from, as a noun.
QString rowsFrom(const std::string& from)
{
    if (from == "training rows")
        return QCoreApplication::translate("Methods", "training rows");
    if (from == "rows of the explained file")
        return QCoreApplication::translate("Methods", "rows of the explained file");
    return QCoreApplication::translate("Methods", "rows");
}

} // namespace

QString backgroundText(const BackgroundWords& background)
{
    const QLocale locale;
    const QString rows = locale.toString(static_cast<qlonglong>(background.rows)), of = locale.toString(static_cast<qlonglong>(background.of));
    const QString from = rowsFrom(background.from);
    const bool part = background.of > background.rows;
    if (background.kind == "row")
        return QCoreApplication::translate("Methods", "row %1").arg(locale.toString(static_cast<qlonglong>(background.row)));
    if (background.kind == "rows" && !background.where.empty())
        return part ? QCoreApplication::translate("Methods", "“%1”: %2 of %3 rows").arg(QString::fromStdString(background.where), rows, of)
                    : QCoreApplication::translate("Methods", "“%1”: %2 rows").arg(QString::fromStdString(background.where), rows);
    if (background.kind == "rows")
        return part ? QCoreApplication::translate("Methods", "%1 of %2 selected rows").arg(rows, of)
                    : QCoreApplication::translate("Methods", "%1 selected rows").arg(rows);
    if (background.kind == "k-means")
        return QCoreApplication::translate("Methods", "k-means, %1 of %2 %3").arg(rows, of, from);
    const QString text = part                           ? QCoreApplication::translate("Methods", "%1 of %2 %3").arg(rows, of, from)
                         : background.kind == "cohort" || background.of == 0
                             ? QCoreApplication::translate("Methods", "%1 %2").arg(rows, from)
                             : QCoreApplication::translate("Methods", "all %1 %2").arg(rows, from);
    return background.kind == "cohort" ? QStringLiteral("%1: %2").arg(QString::fromStdString(background.where), text) : text;
}

QString outsideText(double share, std::size_t looked)
{
    const QLocale locale;
    if (!(share > 0.0))
        return QCoreApplication::translate("Methods", "none of %1 masked rows looked at lies outside the data").arg(locale.toString(static_cast<qlonglong>(looked)));
    return QCoreApplication::translate("Methods", "about %1 % of the masked rows lie outside the data (estimated from %2)")
        .arg(locale.toString(100.0 * share, 'f', share < 0.1 ? 1 : 0), locale.toString(static_cast<qlonglong>(looked)));
}

} // namespace limpid
