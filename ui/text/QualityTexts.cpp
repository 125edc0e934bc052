#include "ui/text/QualityTexts.h"

#include "ui/text/Messages.h"
#include "ui/text/MethodTexts.h"

#include <QCoreApplication>
#include <QLocale>

#include <nlohmann/json.hpp>

#include <cmath>
#include <string_view>

namespace limpid {

namespace {

using nlohmann::json;

QString tr(const char* text) { return QCoreApplication::translate("Quality", text); }

QString digits(double value, int count) { return QLocale().toString(value, 'g', count); }

struct Figure {
    double mean = std::nan(""), error = std::nan("");
};

Figure figureOf(const json& figure)
{
    const auto number = [](const json& value) { return value.is_number() ? value.get<double>() : std::nan(""); };
    return {number(figure["mean"]), number(figure["error"])};
}

/// "0.82 ± 0.03"
QString figureText(const json& of)
{
    const Figure figure = figureOf(of);
    if (std::isnan(figure.mean))
        return tr("not known");
    return std::isnan(figure.error) ? digits(figure.mean, 3) : tr("%1 ± %2").arg(digits(figure.mean, 3), digits(figure.error, 2));
}

/// "12 ± 2 %" of a share.
QString percentText(const json& of)
{
    const Figure figure = figureOf(of);
    if (std::isnan(figure.mean))
        return tr("not known");
    return std::isnan(figure.error) ? tr("%1 %").arg(digits(100.0 * figure.mean, 3))
                                    : tr("%1 ± %2 %").arg(digits(100.0 * figure.mean, 3), digits(100.0 * figure.error, 2));
}

QString againstChance(const json& gain)
{
    const Figure figure = figureOf(gain);
    if (std::isnan(figure.error))
        return tr("Whether chance would do as well is not known.");
    const double clear = 1.96 * figure.error;
    if (figure.mean > clear)
        return tr("It does better than chance.");
    return figure.mean < -clear ? tr("It does worse than chance: do not trust this order.") : tr("It is not told apart from chance at 95 %.");
}

/// What insertion and deletion mean where words come and go.
QString wordsMeaning(bool insertion)
{
    return insertion ? tr("Words come into the text, those that raise the output first: how far it lies above that of the text without words, on average on the way. More is better. %1")
                     : tr("Words leave the text, those that raise the output first: how far it still lies above that of the text without words, on average on the way. Less is better. %1");
}

QualityText revealText(const json& found, const char* measure, bool words)
{
    const json& own = found[measure];
    const bool towards = found["order"] == "size";
    const bool insertion = std::string_view(measure) == "insertion";
    const QString meaning = words ? wordsMeaning(insertion) : insertion
        ? (towards ? tr("Columns take the row's values, the largest first: how far the output has moved towards the prediction, on average on the way. More is better. %1")
                   : tr("Columns take the row's values, those that raise the output first: how far it lies above the background's, on average on the way. More is better. %1"))
        : (towards ? tr("Columns lose the row's values, the largest first: how far the output still lies towards the prediction, on average on the way. Less is better. %1")
                   : tr("Columns lose the row's values, those that raise the output first: how far it still lies above the background's, on average on the way. Less is better. %1"));
    return {qualityMeasureName(measure),
            {{tr("explanation"), figureText(own["area"])}, {tr("random order"), figureText(found["randomArea"])}, {tr("better by"), figureText(own["gain"])}},
            meaning.arg(againstChance(own["gain"]))};
}

QualityText infidelityText(const json& found, bool words)
{
    return {qualityMeasureName("infidelity"),
            {{tr("not explained"), percentText(found["unexplained"])}, {tr("mean square"), figureText(found["infidelity"])}},
            words ? tr("Random words are taken out: this share of how the output changes (squared) is not what the values say, at their best scale. 0 % is perfect, 100 % is as good as no explanation.")
                  : tr("Random columns go back to the background: this share of how the output changes (squared) is not what the values say, at their best scale. 0 % is perfect, 100 % is as good as no explanation.")};
}

QualityText sensitivityText(const json& found)
{
    QualityText text{qualityMeasureName("sensitivity"), {{tr("largest change"), percentText(found["sensitivity"])}}, {}};
    if (!found["largest"].is_number()) {
        text.meaning = tr("Nothing can be said: no column is a number that varies in the background and can be moved a little, or all values are 0.");
        return text;
    }
    text.figures.emplace_back(tr("of any row"), tr("%1 %").arg(digits(100.0 * found["largest"].get<double>(), 3)));
    text.meaning = tr("Every number moves by at most %1 % of its deviation, %2 times: a row's values change by at most this share of their size. Little means that rows alike are explained alike.")
                       .arg(digits(100.0 * found["radius"].get<double>(), 2), countText(found["draws"].get<qint64>()));
    return text;
}

QualityText randomisationText(const json& found)
{
    QualityText text{qualityMeasureName("randomisation"), {}, tr("Rank correlation with the explanation of the same network with layers drawn anew, from the output back to the one named. Near 0: the values come from what the network has learnt. Near 1: they would be much the same had it learnt nothing.")};
    for (const json& stage : found["stages"])
        text.figures.emplace_back(tr("to “%1”").arg(QString::fromStdString(stage["layer"].get<std::string>())), figureText(stage["correlation"]));
    return text;
}

QualityText agreementText(const json& found)
{
    const int top = found["top"].get<int>();
    QualityText text{qualityMeasureName("agreement"), {}, tr("Rank correlation of the sizes of the values by two methods, on the same background and seed, and how many of the first %1 columns both name. Where methods differ, at least one of them misleads.").arg(top)};
    for (const json& pair : found["pairs"]) {
        const auto name = [&](std::size_t i) { return methodName(pair["methods"][i].get<std::string>()); };
        text.figures.emplace_back(tr("%1 and %2").arg(name(0), name(1)), tr("%1, first %2: %3").arg(figureText(pair["correlation"])).arg(top).arg(percentText(pair["overlap"])));
    }
    return text;
}

} // namespace

QString qualityMeasureName(const std::string& measure)
{
    if (measure == "insertion")
        return tr("Insertion");
    if (measure == "deletion")
        return tr("Deletion");
    if (measure == "infidelity")
        return tr("Infidelity");
    if (measure == "sensitivity")
        return tr("Sensitivity");
    return measure == "randomisation" ? tr("Randomised weights") : tr("Agreement");
}

std::vector<QualityText> qualityTexts(const nlohmann::json& quality)
{
    std::vector<QualityText> texts;
    const bool words = quality.value("players", std::string()) == "words";
    if (quality.contains("reveal")) {
        texts.push_back(revealText(quality["reveal"], "insertion", words));
        texts.push_back(revealText(quality["reveal"], "deletion", words));
    }
    if (quality.contains("infidelity"))
        texts.push_back(infidelityText(quality["infidelity"], words));
    if (quality.contains("sensitivity"))
        texts.push_back(sensitivityText(quality["sensitivity"]));
    if (quality.contains("randomisation"))
        texts.push_back(randomisationText(quality["randomisation"]));
    if (quality.contains("agreement"))
        texts.push_back(agreementText(quality["agreement"]));
    return texts;
}

} // namespace limpid
