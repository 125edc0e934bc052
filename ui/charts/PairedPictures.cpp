#include "core/explain/Comparison.h"
#include "ui/charts/ExamplePlots.h"
#include "ui/charts/ExplanationPlots.h"
#include "ui/charts/PairPlots.h"
#include "ui/charts/RowMarks.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>

namespace limpid {

using namespace plot;

namespace {

constexpr double headHeight = 20.0, paneGap = 24.0;
constexpr double usualShare = 0.999;    // as a single picture's scale: one pixel does not pale the others

bool isPicture(const Explanation& e) { return canPlot(*explanationPlot("picture"), e); }

/// Two rows that are pictures, each in a pane of its own.
class PairedPictures final : public Plot
{
public:
    PairedPictures(const PairSide& first, const PairSide& second, const std::string& output) : m_names{first.name, second.name}
    {
        const std::array<const PairSide*, 2> sides{&first, &second};
        std::array<ImageExplanation, 2> pictures;
        std::vector<double> sizes;
        for (std::size_t side = 0; side < 2; ++side) {
            const Explanation& e = *sides[side]->explanation;
            const std::size_t at = *outputNamed(e, output), row = sides[side]->row;
            pictures[side] = pictureOf(e, at, row);
            m_predictions[side] = prediction(e, row, at);
            for (std::size_t feature = 0; feature < e.features.size(); ++feature)
                (e.value(row, at, feature) >= 0.0 ? m_raises : m_lowers)[side] += e.value(row, at, feature);
            for (const double value : pictures[side].outputs.front().contributions)
                if (value != 0.0)
                    sizes.push_back(std::abs(value));
            m_items[side] = static_cast<int>(2 * pictures[side].height * pictures[side].width);
        }
        m_output = outputText(*first.explanation, *outputNamed(*first.explanation, output));
        const double most = sizes.empty() ? 0.0 : quantile(sizes, usualShare);
        for (std::size_t side = 0; side < 2; ++side) {
            pictures[side].most = most;
            m_plots[side] = makeImageOverlay(std::move(pictures[side]));
        }
    }

    double preferredHeight(double width) const override
    {
        const double pane = (width - paneGap) / 2;
        return headHeight + std::max(m_plots[0]->preferredHeight(pane), m_plots[1]->preferredHeight(pane));
    }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        QFont bold = theme.smallFont();
        bold.setWeight(QFont::DemiBold);
        for (std::size_t side = 0; side < 2; ++side) {
            const QRectF box = pane(side, area);
            painter.setFont(bold);
            painter.setPen(theme.colors().text);
            drawText(painter, QRectF(box.left(), area.top(), box.width(), headHeight - 2.0), Qt::AlignLeft | Qt::AlignVCenter, m_names[side], Qt::ElideMiddle);
            m_plots[side]->paint(painter, box, theme);
        }
        painter.restore();
    }

    QString sentence() const override
    {
        const auto text = [](double value) { return shortText(value, 3); };
        return QCoreApplication::translate("Plots", "Predicted for %1: %2 (%3) and %4 (%5). Pixels raise it by %6 against %7 and lower it by %8 against %9.")
            .arg(m_output, text(m_predictions[0]), m_names[0], text(m_predictions[1]), m_names[1], text(m_raises[0]), text(m_raises[1]), text(0.0 - m_lowers[0]), text(0.0 - m_lowers[1]));
    }

    std::vector<QStringList> table() const override
    {
        const std::vector<QStringList> first = m_plots[0]->table(), second = m_plots[1]->table();
        std::vector<QStringList> lines;
        for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
            QStringList line{i < first.size() ? first[i][0] : second[i][0], i < first.size() ? first[i][1] : second[i][1]};
            for (std::size_t side = 0; side < 2; ++side) {
                const std::vector<QStringList>& own = side == 0 ? first : second;
                for (qsizetype k = 2; k < own.front().size(); ++k)
                    line << (i == 0 ? QStringLiteral("%1, %2").arg(own[0][k], m_names[side]) : i < own.size() ? own[i][k] : QString());
            }
            lines.push_back(line);
        }
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        for (std::size_t side = 0; side < 2; ++side)
            if (const int item = m_plots[side]->hit(point, pane(side, area)); item >= 0)
                return side == 0 ? item : m_items[0] + item;
        return -1;
    }

    QString tooltip(int item) const override
    {
        const std::size_t side = item >= m_items[0] ? 1 : 0;
        const QString text = m_plots[side]->tooltip(side == 0 ? item : item - m_items[0]);
        return text.isEmpty() ? text : QStringLiteral("%1\n%2").arg(m_names[side], text);
    }

private:
    static QRectF pane(std::size_t side, const QRectF& area)
    {
        const double width = (area.width() - paneGap) / 2;
        return QRectF(area.left() + static_cast<double>(side) * (width + paneGap), area.top() + headHeight, width, area.height() - headHeight);
    }

    std::array<QString, 2> m_names;
    std::array<std::unique_ptr<Plot>, 2> m_plots;
    std::array<int, 2> m_items{};       ///< that the picture of a side has
    std::array<double, 2> m_predictions{}, m_raises{}, m_lowers{};
    QString m_output;
};

} // namespace

bool canPairPictures(const PairSide& first, const PairSide& second) { return isPicture(*first.explanation) && isPicture(*second.explanation); }

std::unique_ptr<Plot> makePairedPictures(const PairSide& first, const PairSide& second, const std::string& output)
{
    if (whyIncomparable(*first.explanation, *second.explanation, output) || !canPairPictures(first, second))
        throw Error(ErrorCode::OptionInvalid, {{"name", "plot"}, {"value", output}, {"expected", "two pictures with a scale in common"}});
    return std::make_unique<PairedPictures>(first, second, output);
}

} // namespace limpid
