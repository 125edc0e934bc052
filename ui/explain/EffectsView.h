#pragma once

#include "ui/explain/ExplainWork.h"

#include <QWidget>

class QComboBox;
class QGridLayout;
class QLabel;
class QScrollArea;
class QTableView;

namespace limpid {

class Card;
class EffectColumnsModel;
class Plot;
class PlotView;
class Theme;

/// How a model goes along with its columns: a plot, and where there is one for each column, the columns to choose from,
/// those that move the prediction most first.
class EffectsView : public QWidget
{
    Q_OBJECT
public:
    explicit EffectsView(const Theme& theme, QWidget* parent = nullptr);

    void setEffects(std::shared_ptr<const EffectOutcome> effects);
    void setImportance(std::shared_ptr<const ImportanceOutcome> importance);
    void clear();
    bool isEmpty() const { return !m_effects && !m_importance; }
    /// What stands there while nothing is shown.
    void setHint(const QString& hint);

private:
    void buildOverview();
    void buildColumns();
    void showParts();
    void showOutput(std::size_t output);
    std::unique_ptr<Plot> effectsPlot() const;
    void showPlot();
    void showFacts();

    const Theme& m_theme;
    QGridLayout* m_grid;
    Card *m_overview = nullptr, *m_columnsCard = nullptr;
    QComboBox* m_output = nullptr;
    PlotView* m_plot = nullptr;
    QScrollArea* m_plotArea = nullptr;
    QWidget* m_footer = nullptr;
    QLabel *m_hint = nullptr, *m_facts = nullptr, *m_sentence = nullptr;
    QTableView* m_columns = nullptr;
    EffectColumnsModel* m_columnsModel = nullptr;

    std::shared_ptr<const EffectOutcome> m_effects;
    std::shared_ptr<const ImportanceOutcome> m_importance;
    std::size_t m_shownOutput = 0;
    int m_shownColumn = -1;      ///< an index into the outcome's columns; -1: all of them in small
};

} // namespace limpid
