#include "ui/charts/TextAttributionPlot.h"

#include <limits>

namespace limpid {

TextExplanation textHighlightOf(const TextOutcome& outcome, std::size_t row, std::size_t output)
{
    const TextAttribution& words = *outcome.rows[row];
    TextExplanation made;
    made.output = outputText(outcome, output);
    made.prediction = words.predictions[output];
    made.base = outcome.additive ? words.base[output] : std::numeric_limits<double>::quiet_NaN();
    made.wordless = true;
    // Piece by piece, so that broken bytes between words cannot move the words behind them.
    std::size_t at = 0;
    const auto add = [&](std::size_t end) {
        made.text += QString::fromUtf8(words.text.data() + at, static_cast<qsizetype>(end - at));
        at = end;
    };
    for (std::size_t i = 0; i < words.spans.size(); ++i) {
        add(words.spans[i].begin);
        const qsizetype begin = made.text.size();
        add(words.spans[i].end);
        made.spans.push_back({begin, made.text.size(), words.value(output, i), words.error(output, i)});
    }
    add(words.text.size());
    return made;
}

QString outputText(const TextOutcome& outcome, std::size_t output)
{
    const QString name = QString::fromStdString(outcome.outputs[output]);
    return outcome.space == "probability" && !name.startsWith(QLatin1String("P(")) ? QStringLiteral("P(%1)").arg(name) : name;
}

} // namespace limpid
