#pragma once

#include "core/explain/Comparison.h"
#include "ui/charts/PairPlots.h"
#include "ui/charts/RowMarks.h"

#include <array>

namespace limpid::plot {

/// What the plots of a pair share: a line a column with its name at the left and the difference at the right, and what is told of it.
class PairFrame : public Plot
{
public:
    QString tooltip(int item) const override;
    int hit(const QPointF& point, const QRectF& area) const override;
    std::vector<QStringList> table() const override;

protected:
    PairFrame(const PairSide& first, const PairSide& second, const std::string& output, Comparison comparison, int maxFeatures, double headHeight, double axisHeight);

    /// Of a line: the column's name, with the value that both rows have; "n others".
    QString label(const ComparedPlayer& player) const;
    /// "+0.12", as this plot's values are written.
    virtual QString figure(double value) const = 0;
    /// What is called what in the table: "SHAP", "mean |SHAP|".
    QString effect() const;
    /// "What differs most is “education”: +0.12 against −0.05.", and whether that is certain.
    QString widestSentence() const;

    double frameHeight(double lineHeight) const;
    double lineHeight(const QRectF& area) const;
    double lineMiddle(std::size_t line, const QRectF& area) const;
    double linesBottom(const QRectF& area) const { return lineMiddle(m_shown.size(), area) - lineHeight(area) / 2; }
    /// Names and differences with their head and the line below; what is between them is given back, without head and foot.
    QRectF paintFrame(QPainter& painter, const QRectF& area, const ThemeColors& colors) const;
    /// ± 95 % around an end.
    void paintInterval(QPainter& painter, double from, double to, double y, const ThemeColors& colors) const;

    std::array<PairSide, 2> m_sides;
    std::array<std::size_t, 2> m_outputs{};
    Comparison m_comparison;
    std::vector<ComparedPlayer> m_shown;
    std::pair<double, double> m_range;
    double m_head, m_axis;   ///< heights above and below the lines
    bool m_hasErrors = false, m_isUncertain = false;
    int m_decimals = 2;

    static constexpr double noteHeight = 18.0;
};

} // namespace limpid::plot
