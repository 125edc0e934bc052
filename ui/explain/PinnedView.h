#pragma once

#include "core/explain/Comparison.h"

#include <QWidget>

#include <array>
#include <memory>
#include <optional>

class QLabel;
class QScrollArea;

namespace limpid {

class PlotView;
class Theme;

/// One of two explanations that stand side by side.
struct PinnedSide {
    std::shared_ptr<const Explanation> explanation;
    std::size_t row = 0;       ///< of the explanation
    QString model;             ///< "adult@2"
    QString facts;             ///< how it was made: method, background, cost
    std::uint64_t asked = 0;   ///< which question it answers: the parts of one answer have the same
};

/// A pinned explanation beside the one that is chosen: a row of each, or how much columns matter to each. Where the two cannot be
/// compared a sentence says why, instead of a picture.
class PinnedView : public QWidget
{
    Q_OBJECT
public:
    enum class What { Rows, Means };

    PinnedView(const Theme& theme, QWidget* parent = nullptr);

    void pin(PinnedSide side);
    void unpin();
    const std::optional<PinnedSide>& pinned() const { return m_pinned; }
    /// What stands beside it, for one of its outputs.
    void setChosen(PinnedSide side, std::size_t output);
    void setWhat(What what);

private:
    void refresh();
    void showFacts(const std::array<QString, 2>& names);
    /// Names that tell the two sides apart.
    std::array<QString, 2> names() const;
    void showPlot(const std::array<QString, 2>& names);
    QString whyNot(Incomparable why) const;
    QString columnsOfOne(const std::array<QString, 2>& names) const;
    const std::string& output() const { return m_chosen->explanation->outputs[m_output]; }

    PlotView* m_plot;
    QScrollArea* m_plotArea;
    QLabel *m_hint, *m_sentence;
    std::array<QLabel*, 2> m_facts{};
    std::optional<PinnedSide> m_pinned, m_chosen;
    std::size_t m_output = 0;
    What m_what = What::Rows;
};

} // namespace limpid
